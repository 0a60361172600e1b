import { mkdir, readdir, readFile, rmdir, stat } from 'node:fs/promises';
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

  /** All of them, by their names; none where there is no such folder. One that cannot be read hides no other. */
  async list(): Promise<{
    readonly baselines: readonly BaselineResult[];
    readonly unreadable: readonly UserError[];
  }> {
    const read = await Promise.all(
      (await this.#names()).map((name) =>
        this.read(name).catch((error: unknown) => {
          if (error instanceof UserError) return error;
          throw error;
        }),
      ),
    );
    return {
      baselines: read.flatMap((each) => (each instanceof UserError ? [] : [each])),
      unreadable: read.flatMap((each) => (each instanceof UserError ? [each] : [])),
    };
  }

  /**
   * Keeps a campaign under a name that nothing has, whoever else tries to at the same time.
   * @throws UserError (exit code 2) where something has it, or (3) where it cannot be written
   */
  async add(result: Result, baseline: Baseline): Promise<void> {
    const folder = this.pathOf(baseline.name);
    await makeFolder(this.directory).catch((cause: unknown) => {
      throw unwritable(this.directory, cause, ELSEWHERE);
    });
    await mkdir(folder).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw unwritable(folder, cause, ELSEWHERE);
      throw new UserError(`${baseline.name} is a baseline already`, {
        code: 'baseline.exists',
        exitCode: 2,
        hint: `mqbench baseline promote puts another in its place where it is not worse; if something else is wanted, delete ${folder}`,
      });
    });
    await this.replace(result, baseline).catch(async (error: unknown) => {
      await rmdir(folder);
      throw error;
    });
  }

  /**
   * Keeps a campaign, without its seconds, in place of what has the name.
   * @throws UserError (exit code 3) where it cannot be written; what has the name is there as before
   */
  async replace(result: Result, baseline: Baseline): Promise<void> {
    const folder = this.pathOf(baseline.name);
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
      if (!before.startsWith(HISTORY_HEAD)) {
        missing.push(`${path} does not begin with ${HISTORY_HEAD.trim()}: move it away`);
        continue;
      }
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
