import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { isListening, requireFreePorts, shiftedPorts } from '../../src/brokers/ports.ts';

test('an offset moves every port', () => {
  assert.deepEqual(shiftedPorts({ broker: 5672, management: 15_672 }, 100), {
    broker: 5772,
    management: 15_772,
  });
});

for (const offset of [-1, 0.5, 49_864, Number.NaN]) {
  test(`the offset ${offset} is refused`, () => {
    assert.throws(() => shiftedPorts({ broker: 5672, management: 15_672 }, offset), {
      code: 'brokers.port-offset',
      exitCode: 2,
      hint: 'use a whole number from 0 to 49863',
    });
  });
}

for (const address of ['127.0.0.1', '0.0.0.0', '::']) {
  test(`a port in use at ${address} is refused, with the process that uses it`, async (t) => {
    // given a server of another, here of this process itself
    await using server = createServer();
    server.on('error', () => t.skip(`${address} does not exist here`));
    server.listen(0, address);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // when a broker wants the port, then the error names the port, its use, its user and the way out
    await assert.rejects(requireFreePorts('Kafka', { broker: port }), (error: Error & { hint: string }) => {
      assert.match(
        error.message,
        new RegExp(`^port ${port} \\(Kafka broker\\) is in use by .+process ${process.pid}`),
      );
      assert.match(error.hint, /--port-offset/);
      return true;
    });
  });
}

test('a port is listening until its server closes', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  assert.equal(await isListening(port), true);
  await server[Symbol.asyncDispose]();
  assert.equal(await isListening(port), false);
  await requireFreePorts('Kafka', { broker: port });
});
