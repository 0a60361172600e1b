import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { UserError } from '../../user-error.ts';
import type { Check, Progress } from '../broker.ts';
import { libraryDirectory } from '../home.ts';
import { findProgram, runProgram } from '../program.ts';

const version = '2.9.0';
const named = `Toxiproxy ${version}`;
const goPackage = `github.com/Shopify/toxiproxy/v2/cmd/server@v${version}`;
/** by its go.mod */
const requiredGo = { major: 1, minor: 22 } as const;
const requiredGoText = `${requiredGo.major}.${requiredGo.minor}`;
const remedy = `install Go ${requiredGoText} or newer and put it on the PATH: it builds ${named}`;

/** Whether Toxiproxy can run here, and whether it is there or has yet to be built. Changes nothing. */
export async function checkToxiproxy(): Promise<Check> {
  if ((await findProgram(programFile())) !== undefined) return { usable: true, detail: `${named} is built` };
  const go = await findProgram('go');
  if (go === undefined) return { usable: false, detail: 'no Go', remedy };
  const { stdout } = await runProgram(go, ['version']);
  const [, found = '', major, minor] = /go((\d+)\.(\d+)\S*)/.exec(stdout) ?? [];
  const detail = `Go ${found}`;
  const isEnough =
    Number(major) > requiredGo.major ||
    (Number(major) === requiredGo.major && Number(minor) >= requiredGo.minor);
  if (!isEnough) return { usable: false, detail, remedy };
  return { usable: true, detail: `${detail}, ${named} will be built with it` };
}

/**
 * The program, built with Go at the first use and kept from then on. It is built under another name and renamed when
 * complete, so that an interrupted build leaves nothing that looks finished.
 * @throws {UserError} `brokers.toxiproxy` (exit code 3) when Go is missing or cannot build it
 */
export async function fetchToxiproxy(progress: Progress): Promise<string> {
  const file = programFile();
  if ((await findProgram(file)) !== undefined) return file;
  const check = await checkToxiproxy();
  if (!check.usable) throw failed(check.detail, check.remedy);
  progress.onProgress(`building ${named} with Go`);
  const partial = `${directory()}.${randomUUID()}`;
  await makeFolder(partial);
  try {
    const { exitCode, stderr } = await runProgram('go', ['install', goPackage], {
      signal: progress.signal,
      environment: { GOBIN: partial },
    });
    if (exitCode !== 0) {
      const said = stderr.trim().split('\n').at(-1) ?? '';
      throw failed(
        said,
        'check that Go reaches its module proxy, for example with: go install of any module',
      );
    }
    await makeFolder(directory());
    await rename(join(partial, 'server'), file);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return file;
}

function directory(): string {
  return join(libraryDirectory(), `toxiproxy-${version}`);
}

function programFile(): string {
  return join(directory(), 'toxiproxy-server');
}

function failed(reason: string, hint: string): UserError {
  return new UserError(`no ${named}: ${reason}`, { code: 'brokers.toxiproxy', exitCode: 3, hint });
}
