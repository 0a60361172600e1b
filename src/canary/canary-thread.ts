import { parentPort, workerData } from 'node:worker_threads';
import { takeReading } from './reading.ts';

const port = parentPort;
if (port === null) throw new Error('canary-thread must be started as a worker thread');
port.postMessage(await takeReading(workerData as string));
