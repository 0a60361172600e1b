import { abCommand, mqbench, type Job, type WorkflowFile } from './job.ts';

/** A job of GitLab CI, whose report is shown in the merge request. */
export function gitlabJob(job: Job): WorkflowFile {
  const install = job.install === undefined ? '' : `    - ${job.install}\n`;
  const text = `# Written by \`mqbench init --ci gitlab\`. What a merge request changes is measured beside what it changes: on one
# runner, in turns, since another runner, or the same an hour later, differs by more than most changes do.
mqbench:
  image: node:24
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: 0
  interruptible: true
  timeout: 1h
  script:
    - base=$(mktemp -d)
    - git worktree add --detach "$base" "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
${install}    - ${mqbench(job)} validate policy.yaml
    - >-
${abCommand(job, '"$base"')
  .map((line) => `      ${line}\n`)
  .join('')}  allow_failure:
    exit_codes: 4 # nothing can be said, since the machine changed or was too busy: told, and not taken for a failure
  artifacts:
    when: always
    paths:
      - results/
      - comparison.md
    reports:
      junit: mqbench.xml
`;
  return {
    path: '.gitlab/mqbench.yml',
    text,
    next: 'commit it with policy.yaml, and add to .gitlab-ci.yml: include: [{ local: .gitlab/mqbench.yml }]',
  };
}
