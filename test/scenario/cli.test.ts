import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderOf } from './fixtures/folder.ts';
import { VALID } from './fixtures/valid.ts';

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const CLI = fileURLToPath(new URL('fixtures/cli.ts', import.meta.url));

async function mqbench(cwd: string, ...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], { cwd }, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

describe('mqbench validate', () => {
  it('says what each valid file is', async () => {
    await using folder = await folderOf({
      'orders.yaml': VALID,
      'mqbench.yaml': 'targets:\n  a: { driver: memory }\n  b: { driver: kafka, brokers: [x] }\n',
      'other.yaml': 'defaults: { repeats: 3 }',
    });
    assert.deepEqual(await mqbench(folder.path, 'validate', 'orders.yaml', 'mqbench.yaml', 'other.yaml'), {
      exitCode: 0,
      stdout: `ok  orders.yaml  (scenario orders: 3 phases, 110 s, 50,060 messages)
ok  mqbench.yaml  (workspace: 2 targets: a, b)
ok  other.yaml  (workspace: 0 targets)
`,
      stderr: '',
    });
  });

  it('says all that is wrong, with what is right beside it', async () => {
    await using folder = await folderOf({
      'good.yaml': VALID,
      'bad.yaml': VALID.replace('for: 15s', 'for: 5 parsecs').replace('1KiB', '1'),
      'mqbench.yaml': 'targets:\n  b: { driver: kafka, broker: [x] }\n',
      'decision.yaml': 'criteria: []',
      'policy.yaml': 'x: 1',
    });
    const files = ['bad.yaml', 'good.yaml', 'mqbench.yaml', 'decision.yaml', 'policy.yaml', 'none.yaml', '.'];
    const { exitCode, stdout, stderr } = await mqbench(folder.path, 'validate', ...files);
    assert.equal(exitCode, 2);
    assert.equal(stdout, 'ok  good.yaml  (scenario orders: 3 phases, 110 s, 50,060 messages)\n');
    assert.deepEqual(stderr.trimEnd().split('\n'), [
      'bad.yaml:7:9: messages.size: "1" has no unit; use B, KB, MB (decimal), KiB or MiB (binary), as in 1KiB',
      'bad.yaml:17:42: load.phases[2].for: "5 parsecs" has the unknown unit "parsecs"; use us, ms, s, min or h, as in 5s',
      'mqbench.yaml:2:23: unknown key "broker" in targets.b (allowed: brokers); did you mean "brokers"?',
      'decision.yaml:1:1: missing key "title"; it must be text',
      'decision.yaml:1:1: missing key "question"; it must be text',
      'decision.yaml:1:1: missing key "options"; it must be a mapping of keys',
      'decision.yaml:1:11: criteria must be a mapping of keys, not a list',
      'policy.yaml:1:1: unknown key "x" (allowed: gates, alpha, power, inconclusive, separate, allow, canary, repeats, variation)',
      'policy.yaml:1:1: missing key "gates"; it must be a list',
      'none.yaml: no such file',
      '.: is a folder, not a file',
    ]);
  });

  it('prints one JSON document', async () => {
    await using folder = await folderOf({ 'a.yaml': VALID, 'b.yaml': VALID.replace('1KiB', '1 B') });
    const { exitCode, stdout, stderr } = await mqbench(
      folder.path,
      'validate',
      '--json',
      'a.yaml',
      'b.yaml',
      'c.yaml',
    );
    assert.deepEqual([exitCode, stderr], [2, '']);
    const because = '(the identity of a message takes 36 bytes)';
    assert.deepEqual(JSON.parse(stdout), [
      { file: 'a.yaml', kind: 'scenario', ok: true, problems: [] },
      {
        file: 'b.yaml',
        kind: 'scenario',
        ok: false,
        problems: [
          {
            line: 7,
            column: 9,
            message: `messages.size: "1 B" is too small; use 64B to 64MiB ${because}`,
            code: 'scenario.out-of-range',
          },
        ],
      },
      {
        file: 'c.yaml',
        kind: null,
        ok: false,
        problems: [{ line: null, column: null, message: 'no such file', code: 'file.unreadable' }],
      },
    ]);
  });
});

describe('mqbench init', () => {
  it('writes what is valid, and says what to do next', async () => {
    await using folder = await folderOf({});
    assert.deepEqual(await mqbench(folder.path, 'init'), {
      exitCode: 0,
      stdout: 'wrote mqbench.yaml\nwrote scenarios/my-first.yaml\nnext: npx mqbench run my-first\n',
      stderr: '',
    });
    const { stdout } = await mqbench(folder.path, 'validate', 'mqbench.yaml', 'scenarios/my-first.yaml');
    assert.equal(
      stdout,
      `ok  mqbench.yaml  (workspace: 1 target: memory)
ok  scenarios/my-first.yaml  (scenario my-first: 3 phases, 12 s, 5,200 messages)
`,
    );
  });

  it('writes to another folder, which it makes', async () => {
    await using folder = await folderOf({});
    const { stdout } = await mqbench(folder.path, 'init', '--dir', 'new/project');
    assert.equal(
      stdout,
      'wrote new/project/mqbench.yaml\nwrote new/project/scenarios/my-first.yaml\nnext: cd new/project && npx mqbench run my-first\n',
    );
  });

  it('overwrites nothing, and writes nothing where it would', async () => {
    await using folder = await folderOf({ 'scenarios/my-first.yaml': 'mine' });
    assert.deepEqual(await mqbench(folder.path, 'init'), {
      exitCode: 2,
      stdout: '',
      stderr: 'error: scenarios/my-first.yaml exists already\n',
    });
    await assert.rejects(readFile(join(folder.path, 'mqbench.yaml')), { code: 'ENOENT' });
    assert.equal(await readFile(join(folder.path, 'scenarios/my-first.yaml'), 'utf8'), 'mine');
    assert.equal((await mqbench(folder.path, 'init', '--force')).exitCode, 0);
    assert.equal(
      (await mqbench(folder.path, 'init')).stderr,
      'error: mqbench.yaml and scenarios/my-first.yaml exist already\n',
    );
  });

  it('says where it cannot write', async () => {
    await using folder = await folderOf({ file: '' });
    const { exitCode, stderr } = await mqbench(folder.path, 'init', '--dir', 'file');
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: cannot write file\/mqbench\.yaml: /);
  });
});
