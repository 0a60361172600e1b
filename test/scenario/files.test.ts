import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  findScenario,
  findWorkspace,
  listScenarios,
  loadScenarios,
  loadWorkspace,
} from '../../src/scenario/index.ts';
import { readText } from '../../src/yaml/index.ts';
import { folderOf } from './fixtures/folder.ts';
import { VALID } from './fixtures/valid.ts';

describe('a scenario is found', () => {
  const files = {
    'scenarios/mine.yaml': VALID,
    'scenarios/both.yml': VALID,
    'scenarios/notes.txt': '',
    'shipped/both.yaml': VALID,
    'shipped/steady-state.yaml': VALID,
  };

  it('by its name, its own before a shipped one', async () => {
    await using folder = await folderOf(files);
    const places = { cwd: folder.path, shippedDirectory: join(folder.path, 'shipped') };
    assert.deepEqual(
      (await listScenarios(places)).map(({ name, origin }) => [name, origin]),
      [
        ['both', 'own'],
        ['mine', 'own'],
        ['steady-state', 'shipped'],
      ],
    );
    assert.equal(await findScenario('both', places), join(folder.path, 'scenarios/both.yml'));
    assert.equal(await findScenario('steady-state', places), join(folder.path, 'shipped/steady-state.yaml'));
  });

  it('by its path', async () => {
    await using folder = await folderOf({ 'a.yaml': VALID });
    const places = { cwd: folder.path, shippedDirectory: join(folder.path, 'none') };
    assert.equal(await findScenario('a.yaml', places), join(folder.path, 'a.yaml'));
    assert.equal((await loadScenarios('./a.yaml', places)).scenarios[0]?.name, 'orders');
  });

  it('or the known ones are named', async () => {
    await using folder = await folderOf(files);
    const places = { cwd: folder.path, shippedDirectory: join(folder.path, 'shipped') };
    await assert.rejects(findScenario('steady-sate', places), {
      name: 'UserError',
      exitCode: 2,
      code: 'scenario.unknown',
      message:
        'unknown scenario "steady-sate" (known: both, mine, steady-state); did you mean "steady-state"?',
    });
  });

  it('and a variant is guessed from its own name', async () => {
    const variants = `${VALID}variants:\n  network-slow: { title: Slow }\n  network-cut: { title: Cut }\n`;
    await using folder = await folderOf({ 'shipped/faults.yaml': variants.replace('name: orders\n', '') });
    const places = { cwd: folder.path, shippedDirectory: join(folder.path, 'shipped') };
    await assert.rejects(findScenario('network-slow', places), {
      message: 'unknown scenario "network-slow" (known: faults); did you mean "faults-network-slow"?',
    });
  });

  it('and its mistakes are told with a path from here', async () => {
    await using folder = await folderOf({ 'scenarios/broken.yaml': 'name: x', 'sub/keep': '' });
    const shippedDirectory = join(folder.path, 'none');
    await assert.rejects(loadScenarios('broken', { cwd: folder.path, shippedDirectory }), {
      message: /^scenarios\/broken\.yaml:1:1: missing key "workload"/,
    });
    const outside = { cwd: join(folder.path, 'sub'), shippedDirectory };
    await assert.rejects(loadScenarios('../scenarios/broken.yaml', outside), (error: Error) =>
      error.message.startsWith(`${folder.path}/scenarios/broken.yaml:1:1: `),
    );
  });
});

describe('mqbench.yaml is found', () => {
  it('in a folder above', async () => {
    await using folder = await folderOf({ 'mqbench.yaml': 'defaults: { repeats: 3 }', 'a/b/keep': '' });
    const cwd = join(folder.path, 'a/b');
    assert.equal(await findWorkspace(cwd), join(folder.path, 'mqbench.yaml'));
    assert.equal((await loadWorkspace(cwd, { environment: {} }))?.defaults.repeats, 3);
  });

  it('or there is none', async () => {
    await using folder = await folderOf({});
    assert.equal(await loadWorkspace(folder.path, { environment: {} }), undefined);
  });
});

describe('a file is refused for', () => {
  const refuses = (
    what: string,
    file: string,
    content: Uint8Array | string | undefined,
    message: string,
  ): void => {
    it(what, async () => {
      await using folder = await folderOf(content === undefined ? {} : { [file]: content });
      await assert.rejects(readText(join(folder.path, file), file), {
        name: 'InvalidDocument',
        exitCode: 2,
        message,
      });
    });
  };

  refuses('being missing', 'a.yaml', undefined, 'a.yaml: no such file');
  refuses('being below a file', 'a.yaml/b.yaml', undefined, 'a.yaml/b.yaml: no such file');
  refuses('being larger than 1 MiB', 'a.yaml', 'x'.repeat(1_048_577), 'a.yaml: larger than 1 MiB');
  refuses(
    'not being UTF-8',
    'a.yaml',
    Uint8Array.from([0x61, 0x0a, 0x62, 0xff, 0xfe]),
    'a.yaml:2:2: not a text file: it is not UTF-8 from here on',
  );

  it('being a folder', async () => {
    await using folder = await folderOf({});
    await assert.rejects(readText(folder.path, 'x'), {
      code: 'file.unreadable',
      message: 'x: is a folder, not a file',
    });
  });

  it('being a link to itself', async () => {
    await using folder = await folderOf({});
    await symlink('loop', join(folder.path, 'loop'));
    await assert.rejects(readText(join(folder.path, 'loop'), 'loop'), {
      message: 'loop: is a link that leads to itself',
    });
  });

  it('having no end', { skip: process.platform === 'win32' }, async () => {
    await assert.rejects(readText('/dev/zero'), { message: '/dev/zero: larger than 1 MiB' });
  });

  it('but a byte order mark is fine', async () => {
    await using folder = await folderOf({ 'a.yaml': '\ufeffname: a' });
    assert.equal(await readText(join(folder.path, 'a.yaml')), 'name: a');
  });
});
