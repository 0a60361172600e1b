import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ContractRefused } from '../../../src/drivers/index.ts';
import type { Producer } from '../../../src/drivers/index.ts';
import { CONTRACTS } from '../../../src/scenario/index.ts';
import { Bench, keysNamed, sendNumbered } from './bench.ts';
import { Deliveries, numbered, outOfOrder } from './deliveries.ts';
import { sockets, socketsAtMost } from './sockets.ts';
import { NotApplicable } from './suite-target.ts';
import type { ContractCase, SuiteTarget } from './suite-target.ts';

const refusedContract: ContractCase = {
  name: 'refused contract',
  title: 'given one node, when a replicated contract is asked for, then it is refused with the reason',
  async run(target) {
    await using driver = await target.connect();
    if (driver.server.nodes > 1) throw new NotApplicable(`it has ${driver.server.nodes} nodes`);
    const topology = { topics: [{ name: `${target.prefix}.refused`, partitions: 1, subscriptions: ['a'] }] };
    await assert.rejects(driver.createTopology(topology, 'replicated-fsynced-acked'), (error) => {
      assert.ok(error instanceof ContractRefused);
      assert.match(error.message, /^contract replicated-fsynced-acked refused: \S/);
      assert.equal(error.exitCode, 3);
      return true;
    });
    await driver.deleteTopology();
    assert.deepEqual(await driver.deleteLeftovers(`${target.prefix}.refused`), [], 'nothing was created');
  },
};

const effectiveContract: ContractCase = {
  name: 'effective contract',
  title: 'given a contract, when the topology exists, then its settings were read back from the broker',
  async run(target) {
    await using bench = await Bench.open(target);
    const { asked, effective, relation, settings, notReadBack } = bench.effective;
    assert.equal(asked, 'leader-acked');
    assert.equal(relation, effective === asked ? 'exact' : 'exceeds');
    assert.ok(CONTRACTS.indexOf(effective) >= CONTRACTS.indexOf(asked));
    const names = Object.keys(settings);
    assert.ok(names.length > 0);
    assert.deepEqual(
      notReadBack.filter((name) => !names.includes(name)),
      [],
    );
    assert.ok(notReadBack.length < names.length, 'at least one was read back');
  },
};

const cleanup: ContractCase = {
  name: 'cleanup',
  title: 'given a topology that was used, when it is deleted, then nothing with its prefix is left',
  async run(target) {
    const subscriptions = target.capabilities.fanOut === 'none' ? ['a'] : ['a', 'b'];
    const bench = await Bench.open(target, { subscriptions });
    const { topic } = bench;
    const deliveries = new Deliveries();
    await bench.consumer(deliveries);
    await sendNumbered(await bench.producer(), ['key'], { to: 10 });
    await deliveries.reach(10);
    await bench[Symbol.asyncDispose]();
    await using driver = await target.connect();
    assert.deepEqual(await driver.deleteLeftovers(topic), []);
  },
};

const leftovers: ContractCase = {
  name: 'leftovers',
  title:
    'given what a crash left behind, when leftovers are deleted, then those of the prefix go and no others',
  async run(target) {
    await using mine = await Bench.open(target);
    await using crashed = await Bench.open(target);
    const consumer = await crashed.consumer(new Deliveries());
    await consumer.close();
    await using driver = await target.connect();
    const deleted = await driver.deleteLeftovers(crashed.topic);
    assert.ok(deleted.length > 0);
    assert.ok(
      deleted.every((name) => name.startsWith(crashed.topic)),
      deleted.join(', '),
    );
    assert.deepEqual(await driver.deleteLeftovers(crashed.topic), []);
    const deliveries = new Deliveries();
    await mine.consumer(deliveries);
    await sendNumbered(await mine.producer(), ['key'], { to: 1 });
    await deliveries.reach(1);
  },
};

const deadBroker: ContractCase = {
  name: 'dead broker',
  title: 'given no broker, when a driver connects, then a UserError says within 10 s what was tried',
  async run(target) {
    const startMs = performance.now();
    await assert.rejects(target.connectToNobody(), {
      name: 'UserError',
      exitCode: 3,
      message: /127\.0\.0\.1:\d+/,
    });
    assert.ok(performance.now() - startMs < 10_000);
  },
};

const closesAll: ContractCase = {
  name: 'closes all',
  title: 'given a driver with a producer and a consumer, when it is disposed, then no socket is left open',
  async run(target) {
    await using bench = await Bench.open(target);
    const driver = await bench.connect();
    const socketsOfBench = sockets();
    const deliveries = new Deliveries();
    await bench.consumer(deliveries, { driver });
    const producer = await driver.openProducer(bench.topic, {
      contract: bench.contract,
      batching: { lingerMs: 1, maxBatchBytes: 65_536, maxBatchMessages: 100 },
    });
    await sendNumbered(producer, ['key'], { to: 10 });
    await deliveries.reach(10);
    await driver[Symbol.asyncDispose]();
    await socketsAtMost(socketsOfBench, 1000);
  },
};

const restart: ContractCase = {
  name: 'restart in the middle',
  title:
    'given sends that go on, when the broker is killed and restarted, then all that was acknowledged arrives, in order',
  alone: 'it kills its broker',
  async run(target) {
    const { restart } = target;
    if (restart === undefined) throw new NotApplicable('it cannot be restarted');
    await using bench = await Bench.open(target, { contract: 'fsynced-acked' });
    const deliveries = new Deliveries();
    await bench.consumer(deliveries);
    const load = new Load(await bench.producer());
    await load.until((acknowledged) => acknowledged >= 300);
    const restarting = restart();
    await load.until(() => false, restarting);
    const before = load.acknowledged.size;
    await load.until((acknowledged) => acknowledged >= before + 300);
    await load.settled();
    assert.deepEqual(
      [...load.outcomes].filter((outcome) => outcome !== 'failed' && outcome !== 'unknown'),
      [],
    );
    await deliveries.until('delivery of all acknowledged', () =>
      [...load.acknowledged].every((text) => deliveries.distinct.has(text)),
    );
    if (orders(target)) assert.equal(outOfOrder(deliveries.texts), undefined);
  },
};

function orders(target: SuiteTarget): boolean {
  return target.capabilities.ordering !== 'none';
}

/** Sends a few messages every other millisecond, whatever becomes of them. */
class Load {
  readonly acknowledged = new Set<string>();
  /** of those not acknowledged */
  readonly outcomes = new Set<unknown>();
  readonly #producer: Producer;
  readonly #sends: Promise<void>[] = [];
  #sequence = 0;

  constructor(producer: Producer) {
    this.#producer = producer;
  }

  /** Goes on until it holds, or the event has come. */
  async until(holds: (acknowledged: number) => boolean, event?: Promise<void>): Promise<void> {
    const coming = { hasCome: false };
    const come = event?.then(() => {
      coming.hasCome = true;
    });
    const startMs = performance.now();
    while (!coming.hasCome && !holds(this.acknowledged.size)) {
      assert.ok(performance.now() - startMs < 60_000, `${this.acknowledged.size} acknowledged in a minute`);
      for (const key of keysNamed('key', 4)) this.#send(key);
      this.#sequence += 1;
      await sleep(2);
    }
    await come;
  }

  /** Resolves when every send has its outcome. */
  async settled(): Promise<void> {
    await Promise.all(this.#sends);
  }

  #send(key: string): void {
    const text = numbered(key, this.#sequence);
    const sending = this.#producer.send({ key, payload: Buffer.from(text) });
    this.#sends.push(
      sending.then(
        () => {
          this.acknowledged.add(text);
        },
        (error: unknown) => {
          this.outcomes.add(error instanceof Error && 'outcome' in error ? error.outcome : error);
        },
      ),
    );
  }
}

const readAgain: ContractCase = {
  name: 'log read again',
  title:
    'given a topic that keeps all, when every message is settled, then its log has each once, in the order of its key',
  async run(target) {
    await using bench = await Bench.open(target, { keeps: 'all' });
    const reader = await bench.connect();
    // what `mqbench list drivers` says is what there is
    assert.equal(reader.readLog === undefined, target.capabilities.words.replay === 'no');
    if (reader.readLog === undefined) throw new NotApplicable('a queue forgets what is settled');
    const read = async (): Promise<readonly string[]> => {
      const texts: string[] = [];
      await reader.readLog?.(
        bench.topic,
        (payload) => texts.push(payload.toString()),
        AbortSignal.timeout(30_000),
      );
      return texts;
    };
    assert.deepEqual(await read(), [], 'of what was never written there is nothing to read');
    const keys = keysNamed('key', 20);
    const producer = await bench.producer();
    const deliveries = new Deliveries();
    const consumer = await bench.consumer(deliveries);
    await sendNumbered(producer, keys, { to: 100 });
    await deliveries.reach(2000);
    await consumer.close();
    assert.equal((await bench.driver.backlog(bench.subscription())) ?? 0, 0, 'all is settled');
    const expected = keys.flatMap((key) => Array.from({ length: 100 }, (_, index) => numbered(key, index)));
    const first = await read();
    assert.deepEqual(first.toSorted(), expected.toSorted());
    assert.equal(outOfOrder(first), undefined);
    // reading leaves everything as it was: for who reads it once more, and for the subscription
    assert.equal((await read()).length, 2000);
    const again = new Deliveries();
    await bench.consumer(again);
    await sendNumbered(producer, ['late'], { to: 1 });
    await again.reach(1);
    assert.equal(again.texts.length, 1);
  },
};

export const promiseCases: readonly ContractCase[] = [
  refusedContract,
  effectiveContract,
  cleanup,
  leftovers,
  readAgain,
  closesAll,
  deadBroker,
  restart,
];
