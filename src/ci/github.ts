import { abScript, below, nameOf, type Job, type WorkflowFile } from './job.ts';

/** The first line of the page of such a comparison. */
function markerOf({ scenario, target }: Job): string {
  const name = scenario.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
  return `<!-- mqbench:compare ${name} on ${target} -->`;
}

/**
 * A workflow of GitHub Actions, with a comment on the pull request that is found by its first line and renewed, also
 * where nothing could be compared.
 */
export function githubWorkflow(job: Job): WorkflowFile {
  const name = nameOf(job);
  const folder =
    job.folder === ''
      ? ''
      : `    defaults:\n      run:\n        working-directory: ${JSON.stringify(job.folder)}\n`;
  const text = `# Written by \`mqbench init --ci github\`. What a pull request changes is measured beside what it changes: on one
# runner, in turns, since another runner, or the same an hour later, differs by more than most changes do.
name: ${name}

on:
  pull_request:
  workflow_dispatch: # compares with the commit before

permissions:
  contents: read
  pull-requests: write # one comment, renewed

concurrency:
  group: ${name}-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  compare:
    runs-on: ubuntu-latest # has the Java, Maven and Docker that \`--up\` may ask for; see \`mqbench doctor\`
    timeout-minutes: 60
${folder}    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 2 # the first parent of a pull request's merge commit is what it is merged into
      - run: git worktree add "$RUNNER_TEMP/base" HEAD^1
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: ${job.install}
      # exit code 1: something got worse; 4: nothing can be said, since the machine changed or was too busy
      - name: Measure base and head in turns
        run: |
          base=$RUNNER_TEMP/base
${abScript(job, 'base')
  .map((line) => `          ${line}\n`)
  .join('')}      - name: Comment on the pull request
        if: \${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}
        env:
          GH_TOKEN: \${{ github.token }}
          PULL: \${{ github.event.pull_request.number }}
          UNKNOWN: ${JSON.stringify(markerOf(job))}
        run: |
          test -f comparison.md || printf '%s\\n\\n### Nothing was compared; the log of the job says why\\n' "$UNKNOWN" > comparison.md
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
          name: ${name}
          path: |
            ${below(job, 'results/')}
            ${below(job, 'mqbench.xml')}
          if-no-files-found: ignore
`;
  return {
    path: `.github/workflows/${name}.yaml`,
    text,
    next: 'commit it with policy.yaml: pull requests after the one that adds it are measured',
  };
}
