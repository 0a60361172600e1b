import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { UserError } from '../user-error.ts';
import { unwritable, writeAtomically } from '../write-atomically.ts';
import { histogramLog } from './hlog.ts';
import type { CapacityResult } from './capacity-schema.ts';
import type { Imported } from './imported-schema.ts';
import { RESULT_SCHEMA, type Result, type TrialFailure, type TrialResult } from './schema.ts';

const ELSEWHERE = 'name another folder with --out';

/** What is known of a campaign before its first trial. */
export type CampaignHeader = Omit<
  Result,
  'schema' | 'id' | 'endedAt' | 'interrupted' | 'canary' | 'baseline' | 'trials' | 'failures'
>;

/** What was measured and could not be written down. */
export class Unwritten extends UserError {
  readonly result: Result;

  constructor({ message, code, exitCode, hint }: UserError, result: Result) {
    super(message, { code, exitCode, ...(hint === undefined ? {} : { hint }) });
    this.name = 'Unwritten';
    this.result = result;
  }
}

/**
 * The folder of one campaign. result.json is replaced as a whole after each trial, so that a crash loses at
 * most the trial in progress.
 */
export class ResultStore {
  readonly directory: string;
  #result: Result;

  private constructor(directory: string, result: Result) {
    this.directory = directory;
    this.#result = result;
  }

  /**
   * Makes a new folder `<UTC time>-<name>` in `out`.
   * @throws UserError (exit code 3) when the folder cannot be written
   */
  static async create(out: string, name: string, header: CampaignHeader): Promise<ResultStore> {
    const directory = await newDirectory(out, `${stampOf(header.startedAt)}-${name}`);
    const id = basename(directory);
    const store = new ResultStore(directory, {
      schema: RESULT_SCHEMA,
      id,
      ...header,
      endedAt: null,
      interrupted: false,
      canary: null,
      baseline: null,
      trials: [],
      failures: [],
    });
    await store.#save(store.#result);
    return store;
  }

  get result(): Result {
    return this.#result;
  }

  /** @throws Unwritten, with the trial in its result */
  async addTrial(trial: TrialResult): Promise<void> {
    const result = { ...this.#result, trials: [...this.#result.trials, trial] };
    try {
      await this.write(trial.hlog, histogramLog(trial));
      await this.#save(result);
    } catch (error) {
      throw error instanceof UserError ? new Unwritten(error, result) : error;
    }
  }

  async addFailure(failure: TrialFailure): Promise<void> {
    await this.#save({ ...this.#result, failures: [...this.#result.failures, failure] });
  }

  /** How many trials there will be, once that is known. */
  async plan(trials: number): Promise<void> {
    await this.#save({ ...this.#result, plannedTrials: trials });
  }

  /** How the machine was when the campaign began, and when it was over. */
  async addCanary(canary: NonNullable<Result['canary']>): Promise<void> {
    await this.#save({ ...this.#result, canary });
  }

  async addCapacity(capacity: CapacityResult): Promise<void> {
    await this.#save({ ...this.#result, capacities: [...this.#result.capacities, capacity] });
  }

  async end(endedAt: string, how: 'complete' | 'interrupted'): Promise<void> {
    await this.#save({ ...this.#result, endedAt, interrupted: how === 'interrupted' });
  }

  /** Puts a file beside result.json. */
  async write(name: string, content: string): Promise<void> {
    await writeAtomically(join(this.directory, name), content, ELSEWHERE);
  }

  /** What could not be written is not taken for part of the result. */
  async #save(result: Result): Promise<void> {
    await this.write('result.json', `${JSON.stringify(result, null, 1)}\n`);
    this.#result = result;
  }
}

/** `20260131T120000Z` */
function stampOf(time: string): string {
  return time.replaceAll(/[-:]|\.\d+/g, '');
}

async function newDirectory(out: string, name: string): Promise<string> {
  await makeFolder(out).catch((cause: unknown) => {
    throw unwritable(out, cause, ELSEWHERE);
  });
  for (let attempt = 1; ; attempt++) {
    const directory = join(out, attempt === 1 ? name : `${name}-${attempt}`);
    try {
      await mkdir(directory);
      return directory;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST' && attempt < 100) continue;
      throw unwritable(directory, cause, ELSEWHERE);
    }
  }
}

/**
 * Makes a new folder in `out` for what another tool measured.
 * @returns the folder
 * @throws UserError (exit code 3) when it cannot be written
 */
export async function storeImported(
  out: string,
  imported: Omit<Imported, 'id' | 'importedAt'>,
  importedAt: string,
): Promise<string> {
  const directory = await newDirectory(out, `${stampOf(importedAt)}-${imported.from}`);
  const document: Imported = { ...imported, id: basename(directory), importedAt };
  await writeAtomically(join(directory, 'result.json'), `${JSON.stringify(document, null, 1)}\n`, ELSEWHERE);
  return directory;
}
