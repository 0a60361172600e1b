import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { brokerNamed, type RunningBroker } from '../../src/brokers/index.ts';
import type { Fault, Target } from '../../src/scenario/index.ts';
import { brokerFaults, resolveTargets } from '../../src/targets/index.ts';
import { setVariables } from '../brokers/fixtures/temporary-home.ts';

const CUT: Fault = { kind: 'cut', atSeconds: 1, forSeconds: 1 };
const SLOW: Fault = { kind: 'slow', atSeconds: 1, forSeconds: 1, latencyMs: 100, jitterMs: 0 };
const PAUSE: Fault = { kind: 'pause', atSeconds: 1, forSeconds: 1 };
const PROGRESS = { signal: new AbortController().signal, onProgress: () => undefined };

/** A broker as `mqbench up` would have it running, though nothing does. */
function running(name: string, changes: Partial<RunningBroker> = {}): RunningBroker {
  const definition = brokerNamed(name);
  const { defaultPorts, driver = name } = definition;
  const node = {
    node: 1,
    condition: 'alive' as const,
    pid: 2,
    ports: { ...defaultPorts },
    dataDir: undefined,
    logFile: undefined,
  };
  return {
    name,
    driver,
    provider: 'native',
    version: '1',
    connection: definition.connection(defaultPorts),
    startedAt: '',
    nodes: [node],
    ...changes,
  };
}

async function objection(target: string, broker: RunningBroker | undefined, fault: Fault = CUT) {
  const brokers = broker === undefined ? [] : [broker];
  return brokerFaults(brokers, ['sqs'], PROGRESS).objection(targetOf(target, brokers), fault);
}

function targetOf(name: string, brokers: readonly RunningBroker[]): Target {
  const [target] = resolveTargets([name], { configured: [], configure: () => [], running: brokers });
  assert.ok(target !== undefined);
  return target;
}

describe('a fault of the network', () => {
  it('is refused where mqbench did not start the broker, or is the broker', async () => {
    for (const fault of [CUT, SLOW]) {
      assert.match((await objection('kafka', undefined, fault)) ?? '', /^mqbench did not start its broker/);
      assert.match((await objection('sqs', undefined, fault)) ?? '', /^its broker lives in mqbench/);
    }
  });

  it('is refused for a container, a cluster, and a broker that an older mqbench started, each with what to do', async () => {
    const kafka = running('kafka');
    const [node] = kafka.nodes;
    assert.ok(node !== undefined);
    assert.equal(
      await objection('kafka', { ...kafka, provider: 'docker' }),
      'its broker is in a container; start it with --provider native',
    );
    assert.equal(
      await objection('kafka', { ...kafka, nodes: [node, { ...node, node: 2 }, { ...node, node: 3 }] }),
      'its 3 nodes send clients from one to another, past a proxy; use one node',
    );
    assert.equal(
      await objection('kafka', { ...kafka, nodes: [{ ...node, ports: { broker: 9092 } }] }),
      'another version of mqbench started its broker, with no port for it; mqbench down kafka, then up',
    );
  });

  it('is refused without Go, which builds the proxy, while other faults are not', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'mqbench-no-go-'));
    const before = { PATH: process.env['PATH'], MQBENCH_LIB: process.env['MQBENCH_LIB'] };
    setVariables({ PATH: empty, MQBENCH_LIB: empty });
    try {
      assert.equal(
        await objection('redis', running('redis')),
        'no Toxiproxy 2.9.0: no Go; install Go 1.22 or newer and put it on the PATH: it builds Toxiproxy 2.9.0',
      );
      assert.equal(await objection('redis', running('redis'), PAUSE), undefined);
    } finally {
      setVariables(before);
      await rm(empty, { recursive: true });
    }
  });

  it('takes no proxy where a trial has none: its clients connect as ever', async () => {
    const brokers = [running('redis')];
    const target = targetOf('redis', brokers);
    await using prepared = await brokerFaults(brokers, ['sqs'], PROGRESS).prepare(target, [PAUSE]);
    assert.equal(prepared.target, target);
  });
});

describe('the way of clients through a proxy', () => {
  const ways = [
    ['redis', {}, 'port', 1],
    ['nats', {}, 'url', 'nats://127.0.0.1:1'],
    ['rabbitmq', {}, 'url', 'amqp://guest:guest@127.0.0.1:1'],
    ['elasticmq', {}, 'endpoint', 'http://127.0.0.1:1'],
    ['kafka', {}, 'brokers', ['127.0.0.1:1']],
    ['pulsar', { client: 'native' }, 'serviceUrl', 'pulsar://127.0.0.1:1'],
    ['pulsar', { client: 'websocket' }, 'webSocketUrl', 'ws://127.0.0.1:1'],
  ] as const;

  for (const [broker, config, key, expected] of ways) {
    it(`is another ${key} of ${broker} ${Object.values(config).join('')}`.trim(), () => {
      const definition = brokerNamed(broker);
      const { defaultPorts } = definition;
      const detour = definition.detour(config);
      const { to, at } = detour;
      assert.deepEqual(detour.connection(1), { [key]: expected });
      // where the broker tells its clients where to go, that is to the proxy and not to what is behind it
      assert.ok(defaultPorts[to] !== undefined);
      assert.ok(at === undefined || (defaultPorts[at] !== undefined && at !== to));
    });
  }
});
