import { abScript, below, nameOf, quoted, type Job, type WorkflowFile } from './job.ts';

/** A job of GitLab CI, whose report is shown in the merge request. */
export function gitlabJob(job: Job): WorkflowFile {
  const name = nameOf(job);
  const path = `.gitlab/${name}.yml`;
  const folder = job.folder === '' ? '' : `    - cd ${quoted(job.folder)}\n`;
  const text = `# Written by \`mqbench init --ci gitlab\`. What a merge request changes is measured beside what it changes: on one
# runner, in turns, since another runner, or the same an hour later, differs by more than most changes do.
${name}:
  image: node:24 # without Java, Maven and Docker: one that has what \`mqbench doctor\` asks for, where \`--up\` needs it
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: 0
  interruptible: true
  timeout: 1h
  script:
    - base=$(mktemp -d)
    # where it left its target branch
    - git worktree add --detach "$base" "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
${folder}    - ${job.install}
    - |
${abScript(job, 'base')
  .map((line) => `      ${line}\n`)
  .join('')}  allow_failure:
    exit_codes: 4 # nothing can be said, since the machine changed or was too busy: told, and not taken for a failure
  artifacts:
    when: always
    paths:
      - ${below(job, 'results/')}
      - ${below(job, 'comparison.md')}
    reports:
      junit: ${below(job, 'mqbench.xml')}
`;
  return {
    path,
    text,
    next: `commit it with policy.yaml, and add to .gitlab-ci.yml: include: [{ local: ${path} }]`,
  };
}
