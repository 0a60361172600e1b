import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { nats } from '../../src/brokers/nats/index.ts';
import type { Site } from '../../src/brokers/broker.ts';
import { folderOf } from '../scenario/fixtures/folder.ts';

/** What nats-server.conf is like with that wish, on a nats-server that says it is of that version. */
async function confOf(version: string, ...wishes: readonly (string | undefined)[]): Promise<string> {
  await using folder = await folderOf({});
  const server = join(folder.path, 'nats-server');
  await writeFile(server, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  await chmod(server, 0o755);
  const former = { ...process.env };
  process.env['PATH'] = `${folder.path}${delimiter}${former['PATH'] ?? ''}`;
  const site = {
    directory: folder.path,
    dataDir: join(folder.path, 'data'),
    ports: { broker: 4222, monitor: 8222 },
  } as unknown as Site;
  try {
    for (const wish of wishes) {
      delete process.env['MQBENCH_NATS_SYNC'];
      if (wish !== undefined) process.env['MQBENCH_NATS_SYNC'] = wish;
      await nats.native.prepare(site, { signal: new AbortController().signal, onProgress: () => undefined });
    }
    return await readFile(join(folder.path, 'nats-server.conf'), 'utf8');
  } finally {
    process.env = former;
  }
}

describe('MQBENCH_NATS_SYNC', () => {
  it('left out: the default of NATS', async () => {
    assert.doesNotMatch(await confOf('2.12.1', undefined), /sync_interval/);
  });

  it('always: each message is flushed before it is acknowledged, also after a restart by who does not say so', async () => {
    assert.match(await confOf('2.12.1', 'always', undefined), /^jetstream \{ .*, sync_interval: always \}$/m);
    assert.doesNotMatch(await confOf('2.12.1', 'always', 'default'), /sync_interval/);
  });

  it('always is refused by a server that is too old, with what to do', async () => {
    await assert.rejects(confOf('2.9.10', 'always'), {
      exitCode: 3,
      message: 'MQBENCH_NATS_SYNC: NATS 2.9.10 cannot sync before it answers',
      hint: 'put a nats-server of 2.10 or later first on PATH',
    });
  });

  it('another word is refused, with those that there are', async () => {
    await assert.rejects(confOf('2.12.1', 'sometimes'), { exitCode: 2, hint: 'default or always' });
  });
});
