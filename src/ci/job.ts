/** What a CI measures: base and head of a change, on one machine, in turns. */
export interface Job {
  readonly scenario: string;
  readonly target: string;
  readonly repeats: number;
  /** of the project, below the repository's root: `services/orders`; empty: it is the root */
  readonly folder: string;
  /** what brings mqbench, on which the project depends */
  readonly install: 'npm ci' | 'npm install';
}

/** A file to be written. */
export interface WorkflowFile {
  /** relative to the root of the repository */
  readonly path: string;
  readonly text: string;
  /** what else there is to do */
  readonly next: string;
}

/** What the project depends on, and nothing that anybody may have published under that name. */
const MQBENCH = 'npx --no mqbench';

/** `mqbench`, or `mqbench-services-orders` for one of several projects of a repository */
export function nameOf({ folder }: Job): string {
  return ['mqbench', ...folder.split('/').filter((part) => part !== '')]
    .join('-')
    .replaceAll(/[^A-Za-z0-9_-]/g, '-');
}

/** As the shell takes it for one word. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9._/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A path below the root as it is seen from there. */
export function below({ folder }: Job, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}

/**
 * The script that measures and judges, in the folder of the project. What a change does to its own policy counts from the
 * next change on, and the change that adds the policy has nothing to be compared with.
 * @param base the variable of the shell that has the folder in which what the change is compared with is checked out
 */
export function abScript(job: Job, base: string): readonly string[] {
  const checkout = job.folder === '' ? `"$${base}"` : `"$${base}"/${quoted(job.folder)}`;
  return [
    'rm -f comparison.md mqbench.xml',
    `${MQBENCH} validate policy.yaml`,
    `if [ ! -f ${checkout}/policy.yaml ]; then echo "no policy.yaml there yet: nothing to compare with"; exit 0; fi`,
    `${MQBENCH} ab ${quoted(job.scenario)} --target ${quoted(job.target)} --up --repeats ${job.repeats} \\`,
    `  --a checkout=${checkout} --b checkout=. --policy ${checkout}/policy.yaml \\`,
    '  --markdown comparison.md --junit mqbench.xml',
  ];
}
