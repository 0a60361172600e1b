import { parentPort } from 'node:worker_threads';
import { MemoryServer } from './server.ts';

const port = parentPort;
if (port === null) throw new Error('the memory broker must be started as a worker thread');
const server = await MemoryServer.start();
port.once('message', () => {
  server[Symbol.asyncDispose]().then(
    () => port.close(),
    (error: unknown) => {
      throw error;
    },
  );
});
port.postMessage(server.port);
