import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, open, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readResult, ResultStore } from '../../src/result/index.ts';
import { UserError } from '../../src/user-error.ts';
import { folderOf } from '../scenario/fixtures/folder.ts';
import { headerOf, trialOf } from './fixtures/sample.ts';

const FULL_DISK = '/dev/full';
const hasFullDisk = await access(FULL_DISK).then(
  () => true,
  () => false,
);

const FAILURE = {
  scenario: 'checkout',
  target: 'kafka',
  repeat: 1,
  position: 2,
  side: null,
  error: 'no leader',
};

async function expectUnwritable(promise: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, message);
    assert.equal(error.code, 'result.unwritable');
    assert.equal(error.exitCode, 3);
    assert.match(error.hint ?? '', /--out/);
    return true;
  });
}

describe('a ResultStore', () => {
  it('makes a folder named after the time and the campaign, and writes at once what is known', async () => {
    await using out = await folderOf({});
    const store = await ResultStore.create(join(out.path, 'deep', 'results'), 'checkout', headerOf());
    assert.equal(store.directory, join(out.path, 'deep', 'results', '20250102T030405Z-checkout'));
    const result = await readResult(store.directory);
    assert.equal(result.id, '20250102T030405Z-checkout');
    assert.equal(result.endedAt, null);
    assert.deepEqual(result.trials, []);
  });

  it('given two campaigns in the same second: gives each a folder and an id of its own', async () => {
    await using out = await folderOf({});
    const stores = [];
    for (let campaign = 0; campaign < 3; campaign++)
      stores.push(await ResultStore.create(out.path, 'checkout', headerOf()));
    const names = stores.map((store) => basename(store.directory));
    assert.deepEqual(names, [
      '20250102T030405Z-checkout',
      '20250102T030405Z-checkout-2',
      '20250102T030405Z-checkout-3',
    ]);
    assert.deepEqual(
      stores.map((store) => store.result.id),
      names,
    );
  });

  it('after each trial: holds it and what went before, with its histograms beside, and nothing else', async () => {
    await using out = await folderOf({});
    const store = await ResultStore.create(out.path, 'checkout', headerOf());
    await store.addTrial(trialOf({ position: 1, hlog: '1.hlog' }));
    await store.addFailure(FAILURE);
    await store.addTrial(trialOf({ position: 3, hlog: '3.hlog' }));
    const result = await readResult(store.directory);
    assert.deepEqual(
      result.trials.map((trial) => trial.position),
      [1, 3],
    );
    assert.deepEqual(result.failures, [FAILURE]);
    assert.deepEqual(result, store.result);
    assert.deepEqual(await readdir(store.directory), ['1.hlog', '3.hlog', 'result.json']);
  });

  it('tells a campaign that ended from one that was interrupted', async () => {
    await using out = await folderOf({});
    for (const how of ['complete', 'interrupted'] as const) {
      const store = await ResultStore.create(out.path, how, headerOf());
      await store.end('2025-01-02T03:05:00.000Z', how);
      const { endedAt, interrupted } = await readResult(store.directory);
      assert.deepEqual(
        { endedAt, interrupted },
        { endedAt: '2025-01-02T03:05:00.000Z', interrupted: how === 'interrupted' },
      );
    }
  });

  it('replaces result.json as a whole: who has opened it reads the one before to its end', async () => {
    await using out = await folderOf({});
    const store = await ResultStore.create(out.path, 'checkout', headerOf());
    const file = join(store.directory, 'result.json');
    const before = await readFile(file, 'utf8');
    await using reader = await open(file);
    await store.addTrial(trialOf());
    assert.equal(await reader.readFile('utf8'), before);
    assert.notEqual(await readFile(file, 'utf8'), before);
  });

  it('when the process is killed at whatever moment: keeps every trial that it had told of', async () => {
    await using out = await folderOf({});
    const script = fileURLToPath(new URL('fixtures/writer.ts', import.meta.url));
    const writer = spawn(process.execPath, [script, out.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = 0;
    // it may tell of more until the kill reaches it
    for await (const chunk of writer.stdout.setEncoding('utf8') as AsyncIterable<string>) {
      told = Math.max(told, ...chunk.trim().split('\n').map(Number));
      if (told >= 5) writer.kill('SIGKILL');
    }
    if (writer.signalCode === null) await once(writer, 'exit');
    const [campaign = ''] = await readdir(out.path);
    const result = await readResult(join(out.path, campaign));
    assert.ok(result.trials.length >= told, `${result.trials.length} of ${told}`);
  });

  it('given the half-written file of a crash: is not disturbed by it', async () => {
    await using out = await folderOf({});
    const store = await ResultStore.create(out.path, 'checkout', headerOf());
    await writeFile(join(store.directory, `result.json.${process.pid}.tmp`), '{"schema": "mqbe');
    assert.equal((await readResult(store.directory)).trials.length, 0);
    await store.addTrial(trialOf());
    assert.equal((await readResult(store.directory)).trials.length, 1);
  });
});

describe('a ResultStore that cannot write', () => {
  it('given a folder below a file: says which, and what to do', async () => {
    await using out = await folderOf({ results: 'a file' });
    await expectUnwritable(
      ResultStore.create(join(out.path, 'results', 'deeper'), 'checkout', headerOf()),
      /results\/deeper: cannot be written: a file is in its way/,
    );
  });

  it('given a file for a folder: names the file', async () => {
    await using out = await folderOf({ results: 'a file' });
    await expectUnwritable(
      ResultStore.create(join(out.path, 'results'), 'checkout', headerOf()),
      /results: cannot be written: a file is in its way/,
    );
  });

  const skip = hasFullDisk ? false : 'needs /dev/full';
  it('given a full disk: keeps what was there, and goes on when there is room again', { skip }, async () => {
    await using out = await folderOf({});
    const store = await ResultStore.create(out.path, 'checkout', headerOf());
    await store.addTrial(trialOf({ position: 1, hlog: '1.hlog' }));
    await symlink(FULL_DISK, join(store.directory, `result.json.${process.pid}.tmp`));
    // when the second trial does not fit
    await expectUnwritable(
      store.addTrial(trialOf({ position: 2, hlog: '2.hlog' })),
      /result\.json: cannot be written: ENOSPC/,
    );
    // then the first is still there, nothing half-written is, and what did not fit is not taken for written
    assert.deepEqual(positions(await readResult(store.directory)), [1]);
    assert.deepEqual(positions(store.result), [1]);
    assert.deepEqual(await readdir(store.directory), ['1.hlog', '2.hlog', 'result.json']);
    await store.addTrial(trialOf({ position: 3, hlog: '3.hlog' }));
    assert.deepEqual(positions(await readResult(store.directory)), [1, 3]);
  });
});

function positions(result: ResultStore['result']): readonly number[] {
  return result.trials.map((trial) => trial.position);
}

describe('readResult', () => {
  const table: readonly (readonly [string, string, string, RegExp])[] = [
    ['one cut off', '{"schema": "mqbench/res', 'result.not-json', /result\.json: not JSON: /],
    ['an empty file', '', 'result.not-json', /not JSON/],
    ['one of another version', '{"schema":"mqbench/result@9"}', 'result.invalid', /mqbench\/result@1/],
  ];
  for (const [what, content, code, message] of table) {
    it(`refuses ${what}, and names the file`, async () => {
      await using folder = await folderOf({ 'result.json': content });
      await assert.rejects(readResult(folder.path), { code, exitCode: 2, message });
      await assert.rejects(readResult(join(folder.path, 'result.json')), { code });
    });
  }

  it('refuses a folder that holds no campaign', async () => {
    await using folder = await folderOf({});
    await assert.rejects(readResult(folder.path), {
      code: 'result.unreadable',
      exitCode: 2,
      message: /ENOENT/,
    });
    await assert.rejects(readResult(dirname(import.meta.dirname)), { code: 'result.unreadable' });
  });
});
