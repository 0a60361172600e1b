import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { readCanary } from '../../src/canary/index.ts';
import { spin } from '../../src/canary/spin.ts';
import { folderOf } from '../scenario/fixtures/folder.ts';

describe('a canary', () => {
  it('tells three medians, and leaves nothing in the folder', async () => {
    await using folder = await folderOf({});
    const { spinUs, roundTripUs, fsyncUs } = await readCanary(folder.path);
    for (const us of [spinUs, roundTripUs, fsyncUs]) assert.ok(us > 0 && us < 1e6, `${us} µs`);
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('rejects where it cannot write', async () => {
    await assert.rejects(readCanary('/nowhere/at/all'), { code: 'ENOENT' });
  });

  it('has a time for each unit of its work', () => {
    assert.equal(spin(7).length, 7);
  });
});
