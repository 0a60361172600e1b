import { githubWorkflow } from './github.ts';
import { gitlabJob } from './gitlab.ts';
import type { Job, WorkflowFile } from './job.ts';

export type { Job, WorkflowFile } from './job.ts';

/** By the name of the CI, what writes its workflow. */
export const WORKFLOWS: Readonly<Record<'github' | 'gitlab', (job: Job) => WorkflowFile>> = {
  github: githubWorkflow,
  gitlab: gitlabJob,
};
