import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { buildApp } from 'fauxqs';
import type { Ready } from './index.ts';

const port = parentPort;
if (port === null) throw new Error('fauxqs must be started as a worker thread');
// its own startFauxqs listens on every address of the machine
const app = buildApp({ logger: false });
await app.listen({ port: 0, host: '127.0.0.1' });
port.once('message', () => {
  app.close().then(
    () => port.close(),
    (error: unknown) => {
      throw error;
    },
  );
});
// the package does not export its package.json
const file = new URL('../package.json', import.meta.resolve('fauxqs'));
const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
const ready: Ready = { port: (app.server.address() as AddressInfo).port, version };
port.postMessage(ready);
