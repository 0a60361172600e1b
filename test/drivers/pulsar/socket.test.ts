import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { within } from '../../../src/drivers/within.ts';
import { Socket } from '../../../src/drivers/pulsar/websocket/socket.ts';

describe('a WebSocket', () => {
  test('given a message in the same packet as the answer to the handshake, then it is received', async () => {
    await using server = await greeter('first');
    let hear: (message: string) => void = () => {};
    const received = new Promise<string>((resolve) => {
      hear = resolve;
    });
    const socket = await Socket.open({
      url: `ws://127.0.0.1:${server.port}/`,
      token: undefined,
      signal: new AbortController().signal,
      onMessage: (message) => hear(message),
      onDown: () => undefined,
      onLost: () => undefined,
    });
    try {
      assert.equal(await within(2_000, received, 'a message'), 'first');
    } finally {
      await socket.close();
    }
  });
});

/** Completes the handshake and sends a message with it in one write. */
async function greeter(text: string): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((peer) => {
    peer.once('data', (request) => {
      const key = /sec-websocket-key: (\S+)/i.exec(request.toString())?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      const answer = [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${accept}`,
        '\r\n',
      ].join('\r\n');
      // a final text frame
      peer.write(Buffer.concat([Buffer.from(answer), Buffer.of(0x81, text.length), Buffer.from(text)]));
      // closes its side when asked to
      peer.once('data', () => peer.end(Buffer.of(0x88, 0)));
    });
    peer.on('error', () => peer.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
