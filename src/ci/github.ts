import { abCommand, mqbench, type Job, type WorkflowFile } from './job.ts';

/** A workflow of GitHub Actions, with a comment on the pull request that is found by its first line and renewed. */
export function githubWorkflow(job: Job): WorkflowFile {
  const install = job.install === undefined ? '' : `      - run: ${job.install}\n`;
  const text = `# Written by \`mqbench init --ci github\`. What a pull request changes is measured beside what it changes: on one
# runner, in turns, since another runner, or the same an hour later, differs by more than most changes do.
name: mqbench

on:
  pull_request:
  workflow_dispatch: # compares with the commit before

permissions:
  contents: read
  pull-requests: write # one comment, renewed

concurrency:
  group: mqbench-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  compare:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 2 # the first parent of a pull request's merge commit is what it is merged into
      - run: git worktree add "$RUNNER_TEMP/base" HEAD^1
      - uses: actions/setup-node@v4
        with:
          node-version: 24
${install}      - run: ${mqbench(job)} validate policy.yaml
      # exit code 1: something got worse; 4: nothing can be said, since the machine changed or was too busy
      - name: Measure base and head in turns
        run: >-
${abCommand(job, '"$RUNNER_TEMP/base"')
  .map((line) => `          ${line}\n`)
  .join('')}      - name: Comment on the pull request
        if: \${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}
        env:
          GH_TOKEN: \${{ github.token }}
          PULL: \${{ github.event.pull_request.number }}
        run: |
          test -f comparison.md || exit 0
          MARKER=$(head -n 1 comparison.md)
          export MARKER
          comment=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL/comments" \\
            --jq '.[] | select(.body | startswith(env.MARKER)) | .id')
          if [ -n "$comment" ]; then
            gh api --silent -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$comment" -F body=@comparison.md
          else
            gh pr comment "$PULL" --body-file comparison.md
          fi
      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with:
          name: mqbench
          path: |
            results/
            mqbench.xml
          if-no-files-found: ignore
`;
  return {
    path: '.github/workflows/mqbench.yaml',
    text,
    next: 'commit it with policy.yaml: a pull request that is opened from then on is measured',
  };
}
