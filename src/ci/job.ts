/** What a CI measures: base and head of a change, on one machine, in turns. */
export interface Job {
  readonly scenario: string;
  readonly target: string;
  readonly repeats: number;
  /** how to get what the project needs; undefined: mqbench is no dependency of it */
  readonly install: 'npm ci' | 'npm install' | undefined;
  /** of mqbench, where the project does not say which */
  readonly version: string;
}

/** A file to be written, relative to the project. */
export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
  /** what else there is to do */
  readonly next: string;
}

export function mqbench({ install, version }: Job): string {
  return install === undefined ? `npx --yes mqbench@${version}` : 'npx mqbench';
}

/**
 * The command that measures and judges.
 * @param base the folder in which what the change is compared with is checked out, as the shell has it
 */
export function abCommand(job: Job, base: string): readonly string[] {
  return [
    `${mqbench(job)} ab ${job.scenario} --target ${job.target} --up`,
    `--a checkout=${base} --b checkout=.`,
    `--policy policy.yaml --repeats ${job.repeats}`,
    '--markdown comparison.md --junit mqbench.xml',
  ];
}
