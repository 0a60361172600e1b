import { createConnection } from 'node:net';
import { loopback } from '../ports.ts';

const patienceMs = 2000;
const metadataKey = 3;
/** the oldest that does not ask for every topic; Kafka 4 still knows it (KIP-896) */
const metadataVersion = 1;

/**
 * How many brokers a broker knows as registered and alive, which is what it tells its clients: the brokers of a
 * Metadata response. Undefined while it does not answer. https://kafka.apache.org/protocol#The_Messages_Metadata
 */
export async function registeredBrokers(port: number, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: loopback, port, signal, timeout: patienceMs });
    const finish = (brokers: number | undefined): void => {
      socket.destroy();
      resolve(brokers);
    };
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      // the size of the answer, its correlation id, and how many brokers follow
      if (received.length >= 12) finish(received.readInt32BE(8));
    });
    socket.once('timeout', () => finish(undefined));
    socket.once('error', () => finish(undefined));
    socket.once('close', () => finish(undefined));
    socket.write(metadataRequest());
  });
}

/** Of no topic. */
function metadataRequest(): Buffer {
  const clientId = Buffer.from('mqbench');
  const header = Buffer.alloc(10);
  header.writeInt16BE(metadataKey, 0);
  header.writeInt16BE(metadataVersion, 2);
  header.writeInt16BE(clientId.length, 8);
  const noTopics = Buffer.alloc(4);
  const body = Buffer.concat([header, clientId, noTopics]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}
