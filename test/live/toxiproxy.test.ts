import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isListening } from '../../src/brokers/ports.ts';
import { fetchToxiproxy, NetworkPath, ToxiproxyServer } from '../../src/brokers/toxiproxy/index.ts';

/** A network that fails, before a server that sends everything back. */
const PATIENCE_MS = 10_000;
const QUIET_MS = 300;

test('given a slow network, then data take longer each way, and not one byte is lost when it is over', async (t) => {
  if (!isWanted(t)) return;
  await using scene = await Scene.open();
  const client = await scene.connect();
  const wanted = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));

  const over = await scene.path.slow({ latencyMs: 100, jitterMs: 0 });
  const sentAtMs = performance.now();
  client.write('ping');
  assert.equal((await read(client, 4)).toString(), 'ping');
  const tookMs = performance.now() - sentAtMs;
  assert.ok(tookMs >= 199, `${tookMs} ms`);

  client.write(wanted);
  // who reads after it is over misses what has come back meanwhile
  const echoed = read(client, wanted.length);
  await over();
  assert.ok((await echoed).equals(wanted), 'what was under way arrives as it was sent');
});

test('given a network that is cut, then nothing comes back; and when it is over, all connections of that time close and others work', async (t) => {
  if (!isWanted(t)) return;
  await using scene = await Scene.open();
  const client = await scene.connect();
  client.write('ping');
  await read(client, 4);

  const over = await scene.path.cut();
  client.write('lost');
  const another = await scene.connect();
  another.write('lost');
  const heard: string[] = [];
  for (const each of [client, another]) {
    each.on('data', () => heard.push('data'));
    each.on('close', () => heard.push('close'));
  }
  await sleep(QUIET_MS);
  assert.deepEqual(heard, []);

  const closed = Promise.all([client, another].map((each) => once(each, 'close')));
  await over();
  await closed;
  assert.deepEqual(heard, ['close', 'close']);
  const next = await scene.connect();
  next.write('ping');
  assert.equal((await read(next, 4)).toString(), 'ping');
});

test('given a process that is killed, then its proxy goes with it', async (t) => {
  if (!isWanted(t)) return;
  const script = fileURLToPath(new URL('fixtures/hold-toxiproxy.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const port = Number(line);
  assert.equal(await isListening(port), true);

  child.kill('SIGKILL');

  const endsAtMs = performance.now() + PATIENCE_MS;
  while ((await isListening(port)) && performance.now() < endsAtMs) await sleep(50);
  assert.equal(await isListening(port), false);
});

class Scene implements AsyncDisposable {
  readonly path: NetworkPath;
  readonly #stack: AsyncDisposableStack;

  private constructor(path: NetworkPath, stack: AsyncDisposableStack) {
    this.path = path;
    this.#stack = stack;
  }

  static async open(): Promise<Scene> {
    await using stack = new AsyncDisposableStack();
    const echo = stack.use(createServer((socket) => void socket.on('error', () => undefined).pipe(socket)));
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const progress = { signal: new AbortController().signal, onProgress: () => undefined };
    const server = stack.use(await ToxiproxyServer.start(await fetchToxiproxy(progress)));
    const path = await NetworkPath.lay(server, (echo.address() as AddressInfo).port, 0);
    return new Scene(path, stack.move());
  }

  async connect(): Promise<Socket> {
    const socket = createConnection({ host: '127.0.0.1', port: this.path.port });
    this.#stack.defer(() => void socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

async function read(socket: Socket, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      if (received.length < bytes) return;
      socket.off('data', onData);
      resolve(received);
    };
    socket.on('data', onData);
    socket.once('close', () => reject(new Error(`closed after ${received.length} of ${bytes} bytes`)));
  });
}

/** It builds Toxiproxy, which takes Go: only where live tests are asked for. */
function isWanted(t: TestContext): boolean {
  if (process.env['MQBENCH_LIVE'] === 'require') return true;
  t.skip('builds Toxiproxy; MQBENCH_LIVE=require runs it');
  return false;
}
