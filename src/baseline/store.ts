import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { readResult, type Baseline, type Result } from '../result/index.ts';
import { UserError } from '../user-error.ts';
import { HISTORY_HEAD, historyLines, otavaConfig, seriesFile } from './history.ts';
import { unwritable, writeAtomically } from '../write-atomically.ts';

/** A campaign that others are compared with. */
export type BaselineResult = Result & { readonly baseline: Baseline };

/** The folder of what is kept of all campaigns beside the baselines. */
const HISTORY = 'history';

const ELSEWHERE = 'name another folder with --dir';

/** A folder of baselines, one folder each: `baselines/main/result.json`, which every command can read. */
export class BaselineStore {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  pathOf(name: string): string {
    return join(this.directory, name);
  }

  async has(name: string): Promise<boolean> {
    return stat(join(this.pathOf(name), 'result.json')).then(
      () => true,
      () => false,
    );
  }

  /** @throws UserError (exit code 2) where there is none by that name, or it cannot be read */
  async read(name: string): Promise<BaselineResult> {
    if (!(await this.has(name))) {
      const names = await this.#names();
      throw new UserError(`there is no baseline ${name} in ${this.directory}`, {
        code: 'baseline.unknown',
        exitCode: 2,
        hint:
          names.length === 0
            ? `keep a first one: mqbench baseline save results/<campaign> --as ${name}`
            : `there are: ${names.join(', ')}`,
      });
    }
    const { baseline, ...result } = await readResult(this.pathOf(name));
    if (baseline !== null) return { ...result, baseline };
    throw new UserError(`${this.pathOf(name)}: a campaign, and no baseline`, {
      code: 'baseline.none',
      exitCode: 2,
      hint: 'name the folder of your baselines with --dir',
    });
  }

  /** All of them, by their names; none where there is no such folder. */
  async list(): Promise<readonly BaselineResult[]> {
    return Promise.all((await this.#names()).map((name) => this.read(name)));
  }

  /**
   * Keeps a campaign, without its seconds, in place of what had the name.
   * @throws UserError (exit code 3) where it cannot be written; what had the name is there as before
   */
  async write(result: Result, baseline: Baseline): Promise<void> {
    const folder = this.pathOf(baseline.name);
    await makeFolder(folder).catch((cause: unknown) => {
      throw unwritable(folder, cause, ELSEWHERE);
    });
    const kept: BaselineResult = {
      ...result,
      trials: result.trials.map((trial) => ({ ...trial, intervals: [] })),
      baseline,
    };
    await writeAtomically(join(folder, 'result.json'), `${JSON.stringify(kept, null, 1)}\n`, ELSEWHERE);
  }

  /**
   * Adds a campaign to the history of each scenario on each target; once, however often it is told.
   * @returns what is not in it, and why, a line each
   * @throws UserError (exit code 3) where it cannot be written
   */
  async addToHistory(
    result: Result,
    commit: Pick<Baseline, 'commit' | 'branch'>,
  ): Promise<readonly string[]> {
    const folder = this.pathOf(HISTORY);
    await makeFolder(folder).catch((cause: unknown) => {
      throw unwritable(folder, cause, ELSEWHERE);
    });
    const missing: string[] = [];
    for (const { series, ...found } of historyLines(result, commit)) {
      if ('missing' in found) {
        missing.push(`${series.scenario} on ${series.target}: ${found.missing}`);
        continue;
      }
      const path = join(folder, seriesFile(series));
      const before = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return HISTORY_HEAD;
        throw error;
      });
      if (!before.includes(`\n${result.startedAt},`))
        await writeAtomically(path, before + found.line, ELSEWHERE);
    }
    const files = (await readdir(folder)).filter((name) => name.endsWith('.csv')).toSorted();
    if (files.length > 0)
      await writeAtomically(join(folder, 'otava.yaml'), otavaConfig(folder, files), ELSEWHERE);
    return missing;
  }

  async #names(): Promise<readonly string[]> {
    const entries = await readdir(this.directory, { withFileTypes: true }).catch((cause: unknown) => {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return [];
      throw new UserError(`${this.directory}: ${message}`, {
        code: 'baseline.unreadable',
        exitCode: 2,
        cause,
      });
    });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const there = await Promise.all(names.map((name) => this.has(name)));
    return names.filter((_, index) => there[index]).toSorted();
  }
}
