import { connect } from 'node:net';

/** What listens is something else, or a server that is stopped. */
export class NoGreeting extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoGreeting';
  }
}

/** https://docs.nats.io/reference/reference-protocols/nats-protocol#info: the server speaks first. */
const GREETING = 'INFO ';
/** As much of another greeting as is told. */
const TOLD = /^[\x20-\x7e]{1,40}/;

/**
 * Connects, and hears whether it is NATS that answers. The client itself gives up in time where nothing does, but
 * leaves its socket open (transport-node 3.4.0), which holds the process up for as long as the other side likes.
 *
 * @param server `host:port`
 * @throws NoGreeting, or the error of the socket
 */
export function awaitGreeting(server: string, timeoutMs: number): Promise<void> {
  const { hostname, port } = new URL(`tcp://${server}`);
  const socket = connect(Number(port), hostname.replaceAll(/[[\]]/g, ''));
  const heard = new Promise<void>((resolve, reject) => {
    let text = '';
    socket.setEncoding('latin1');
    socket.setTimeout(timeoutMs, () => reject(new NoGreeting(`it said nothing in ${timeoutMs / 1000} s`)));
    socket.on('error', reject);
    socket.on('end', () => reject(new NoGreeting('it closed the connection')));
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (text.startsWith(GREETING)) resolve();
      else if (!GREETING.startsWith(text)) reject(new NoGreeting(`it said ${said(text)}`));
    });
  });
  return heard.finally(() => socket.destroy());
}

function said(text: string): string {
  const [line] = TOLD.exec(text) ?? [];
  return line === undefined ? 'what is no text' : `"${line}"`;
}
