import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { parseScenario } from '../../src/scenario/index.ts';
import { mistakes } from './fixtures/mistakes.ts';
import { edited, refusal, VALID } from './fixtures/valid.ts';

describe('a valid scenario', () => {
  it('is resolved to one unit a quantity', () => {
    assert.deepEqual(parseScenario(VALID, 's.yaml'), {
      name: 'orders',
      title: 'Orders',
      question: 'Does it lose anything?',
      lookAt: '',
      workload: 'stream',
      contract: 'leader-acked',
      messages: { sizeBytes: 1024, keys: { distribution: 'uniform', count: 10_000 } },
      topology: { partitions: 4, subscriptions: ['fulfilment', 'audit'] },
      producers: {
        count: 2,
        window: 5000,
        batching: { lingerMs: 5, maxBatchBytes: 65_536, maxBatchMessages: 500 },
      },
      consumers: {
        count: 3,
        window: 100,
        workMs: 0.25,
        of: { audit: { workMs: 20 } },
        changes: [{ atSeconds: 10, change: 'join', subscription: undefined }],
      },
      load: {
        arrivals: 'uniform',
        phases: [
          { name: 'warm-up', fromPerSecond: 1000, toPerSecond: 1000, seconds: 5, warmup: true },
          { name: 'ramp', fromPerSecond: 1, toPerSecond: 1000, seconds: 90, warmup: false },
          { name: 'steady', fromPerSecond: 1, toPerSecond: 1, seconds: 15, warmup: false },
        ],
      },
      faults: [
        { kind: 'kill', atSeconds: 20, forSeconds: 5 },
        { kind: 'pause', atSeconds: 60, forSeconds: 0.5 },
      ],
      deadLetters: undefined,
      saga: undefined,
      schema: undefined,
      drain: { timeoutSeconds: 20, quietSeconds: 0.5 },
      checks: [
        {
          text: 'endToEnd.p99 <= 100ms in steady',
          metric: 'endToEnd.p99',
          operator: '<=',
          bound: 100_000,
          phase: 'steady',
          subscription: undefined,
        },
        {
          text: 'ledger.lost == 0',
          metric: 'ledger.lost',
          operator: '==',
          bound: 0,
          phase: undefined,
          subscription: undefined,
        },
      ],
    });
  });

  it('says how slow a slow network is, in milliseconds, with no jitter unless it is asked for', () => {
    const { faults } = parseScenario(
      edited(
        '  - { at: 20s, do: kill, for: 5s }\n',
        '  - { at: 10s, do: slow, for: 5s, latency: 0.1s }\n  - { at: 20s, do: slow, for: 5s, latency: 100ms, jitter: 20ms }\n  - { at: 30s, do: cut, for: 1s }\n',
      ),
      's.yaml',
    );
    assert.deepEqual(faults.slice(0, 3), [
      { kind: 'slow', atSeconds: 10, forSeconds: 5, latencyMs: 100, jitterMs: 0 },
      { kind: 'slow', atSeconds: 20, forSeconds: 5, latencyMs: 100, jitterMs: 20 },
      { kind: 'cut', atSeconds: 30, forSeconds: 1 },
    ]);
  });

  it('takes its name from its file and everything else from the defaults', () => {
    const text = `workload: stream
contract: effectively-once
messages: { size: 64B }
load: { phases: [{ name: only, rate: 10/s, for: 1s }] }
`;
    assert.deepEqual(parseScenario(text, 'some/folder/shortest.yaml'), {
      name: 'shortest',
      title: 'shortest',
      question: '',
      lookAt: '',
      workload: 'stream',
      contract: 'effectively-once',
      messages: { sizeBytes: 64, keys: { distribution: 'uniform', count: 10_000 } },
      topology: { partitions: 1, subscriptions: ['main'] },
      producers: {
        count: 1,
        window: 10_000,
        batching: { lingerMs: 0, maxBatchBytes: 131_072, maxBatchMessages: 1000 },
      },
      consumers: { count: 1, window: 500, workMs: 0, of: {}, changes: [] },
      load: {
        arrivals: 'poisson',
        phases: [{ name: 'only', fromPerSecond: 10, toPerSecond: 10, seconds: 1, warmup: false }],
      },
      faults: [],
      deadLetters: undefined,
      saga: undefined,
      schema: undefined,
      drain: { timeoutSeconds: 30, quietSeconds: 1 },
      checks: [],
    });
  });

  it('may have zipf or hot keys', () => {
    const keysOf = (keys: string): unknown =>
      parseScenario(edited('{ count: 10_000, distribution: uniform }', keys), 's.yaml').messages.keys;
    assert.deepEqual(keysOf('{ distribution: zipf }'), { distribution: 'zipf', count: 10_000, theta: 0.99 });
    assert.deepEqual(keysOf('{ count: 5, distribution: zipf, theta: 0.5 }'), {
      distribution: 'zipf',
      count: 5,
      theta: 0.5,
    });
    assert.deepEqual(keysOf('{ count: 5, distribution: hot, share: 30% }'), {
      distribution: 'hot',
      count: 5,
      hotShare: 0.3,
    });
  });

  it('may use anchors and aliases', () => {
    const text = edited('rate: 3600/h, for: 15s', 'rate: *r, for: 15s').replace('1_000/s', '&r 1_000/s');
    assert.equal(parseScenario(text, 's.yaml').load.phases[2]?.fromPerSecond, 1000);
  });

  it('may pause: a phase may send nothing', () => {
    const { load } = parseScenario(edited('3600/h', '0/s'), 's.yaml');
    assert.equal(load.phases[2]?.toPerSecond, 0);
  });

  it('may have been written on Windows, with a byte order mark and CRLF', () => {
    const text = `\ufeff${VALID.replaceAll('\n', '\r\n')}`;
    assert.equal(parseScenario(text, 's.yaml').name, 'orders');
  });

  it('ships: steady-state', async () => {
    const text = await readFile(new URL('../../scenarios/steady-state.yaml', import.meta.url), 'utf8');
    const { name, load, checks } = parseScenario(text, 'steady-state.yaml');
    assert.deepEqual([name, load.phases.length, checks.length], ['steady-state', 2, 3]);
  });
});

describe('a scenario is refused for', () => {
  it('every mistake of the golden file', () => assert.equal(mistakes().length, 58));

  for (const { what, from, to, messages } of mistakes()) {
    it(what, () => assert.deepEqual(refusal(edited(from, to)), messages));
  }

  it('being all warm-up', () => {
    const text = VALID.replaceAll('for: 15s', 'for: 15s, warmup: true').replace(
      '1.5min',
      '1.5min, warmup: true',
    );
    assert.deepEqual(refusal(text), [
      's.yaml:15:5: load.phases: all phases are warm-up, so that nothing is measured; leave out "warmup: true" in one of them',
    ]);
  });

  it('measuring less than one message', () => {
    const text = `name: slow\nworkload: stream\ncontract: leader-acked\nmessages: { size: 64B }
load: { phases: [{ name: only, rate: 1/h, for: 1s }] }\n`;
    assert.deepEqual(refusal(text), [
      's.yaml:5:17: load.phases: the measured phases together send less than one message; raise "rate" or "for"',
    ]);
  });

  it('having no name where that of its file cannot serve', () => {
    assert.deepEqual(refusal(edited('name: orders\n', ''), 'My Orders.yaml'), [
      `My Orders.yaml:1:1: missing key "name"; the file's own name "My Orders" cannot serve: use a-z, 0-9 and dashes`,
    ]);
  });

  it('several mistakes at once, in file order and ten at most', () => {
    const text = VALID.replaceAll('count:', 'cuont:')
      .replaceAll('for:', 'fr:')
      .replaceAll('rate:', 'rat:')
      .replace('1KiB', '1')
      .replace('5ms', '5');
    const lines = refusal(text);
    assert.equal(lines.length, 11);
    assert.equal(lines.at(-1), 's.yaml: and 3 more problems');
    const places = lines.slice(0, 10).map((line) => line.split(':').slice(1, 3).map(Number));
    assert.deepEqual(
      places,
      places.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d),
    );
  });
});
