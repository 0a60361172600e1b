import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { awaitGreeting } from '../../../src/drivers/nats/greeting.ts';

/** Something that listens, and does this with whoever comes. */
async function listening(greet: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    greet(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Its end is the test: a server closes when no socket is open any more. */
describe('whether it is NATS that listens, with no socket left open', () => {
  it('it is, also where the first word comes in pieces', async () => {
    await using nats = await listening((socket) => {
      socket.setNoDelay(true);
      socket.write('IN');
      setTimeout(() => socket.write('FO {"server_id":"x"}\r\n'), 20);
    });
    await awaitGreeting(nats.address, 2_000);
  });

  it('something else says what it is', async () => {
    await using mail = await listening((socket) => socket.write('220 mail.example ESMTP\r\n'));
    await assert.rejects(awaitGreeting(mail.address, 2_000), {
      name: 'NoGreeting',
      message: 'it said "220 mail.example ESMTP"',
    });
  });

  it('something says nothing', async () => {
    await using silent = await listening(() => undefined);
    await assert.rejects(awaitGreeting(silent.address, 100), {
      name: 'NoGreeting',
      message: 'it said nothing in 0.1 s',
    });
  });

  it('something hangs up', async () => {
    await using busy = await listening((socket) => socket.end());
    await assert.rejects(awaitGreeting(busy.address, 2_000), { message: 'it closed the connection' });
  });

  it('nothing listens', async () => {
    const { address } = await (async () => {
      await using gone = await listening(() => undefined);
      return { address: gone.address };
    })();
    await assert.rejects(awaitGreeting(address, 2_000), { code: 'ECONNREFUSED' });
  });
});
