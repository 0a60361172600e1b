import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { UserError } from '../user-error.ts';
import { brokerDirectory } from './home.ts';
import { identify, isAlive } from './process.ts';
import type { ProcessIdentity } from './process.ts';

/**
 * The right to change one broker's processes and folder. It is a file that names the process which holds it,
 * so that the lock of one that crashed is recognised and taken over.
 */
export class BrokerLock implements AsyncDisposable {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * Takes the lock or fails at once.
   * @throws {UserError} `brokers.busy` (exit code 3) when another mqbench holds it
   */
  static async acquire(name: string): Promise<BrokerLock> {
    const file = `${brokerDirectory(name)}.lock`;
    await makeFolder(dirname(file));
    for (;;) {
      if (await createLock(file)) return new BrokerLock(file);
      const holder = await readHolder(file);
      if (holder === undefined) continue;
      if (await isAlive(holder)) throw busy(name, holder);
      await removeStale(file, holder);
    }
  }

  /** Whether a process that lives holds it. */
  static async isHeld(name: string): Promise<boolean> {
    const holder = await readHolder(`${brokerDirectory(name)}.lock`);
    return holder !== undefined && (await isAlive(holder));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

/** Linking a finished file creates the lock together with its content. Returns false where one exists. */
async function createLock(file: string): Promise<boolean> {
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(await identify(process.pid)));
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary);
  }
}

async function readHolder(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Moves the lock away before it is deleted, and back when it turns out to be a newer one. */
async function removeStale(file: string, stale: ProcessIdentity): Promise<void> {
  const away = `${file}.${randomUUID()}`;
  try {
    await rename(file, away);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(away);
  if (moved?.pid !== stale.pid || moved.startTime !== stale.startTime) await link(away, file);
  await rm(away);
}

function busy(name: string, holder: ProcessIdentity): UserError {
  return new UserError(`${name} is being started or stopped by another mqbench (process ${holder.pid})`, {
    code: 'brokers.busy',
    exitCode: 3,
    hint: `wait until it is done, then look at: mqbench status`,
  });
}
