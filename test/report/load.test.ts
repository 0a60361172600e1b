import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadLines } from '../../src/report/load.ts';
import { parseScenario } from '../../src/scenario/index.ts';

const SALE = `name: sale
workload: stream
contract: leader-acked
messages: { size: 1KiB, keys: { count: 500, distribution: hot, share: 30% } }
topology: { partitions: 1, subscriptions: [stock, mail] }
producers: { linger: 2ms }
load:
  phases:
    - { name: warm-up, rate: 100/s, for: 5s, warmup: true }
    - { name: rush, rate: { from: 100/s, to: 1000/s }, for: 90s }
`;

describe('the load, in words', () => {
  it('has all that a reader needs to do it again', () => {
    const scenario = { ...parseScenario(SALE, 'sale.yaml') };
    assert.deepEqual(loadLines(scenario), [
      '- Load: poisson arrivals; warm-up 100.0/s for 5 s (not measured), rush 100.0 to 1,000/s for 1 min 30 s',
      '- Messages: 1.0 KiB each, 500 keys (hot); 1 partition, subscriptions: stock, mail',
      '- Producers: 1, with up to 10,000 messages unacknowledged each; linger 2 ms where the client gathers batches (it is in the latencies), at most 128 KiB or 1,000 messages a batch',
      '- Consumers: 1 a subscription, with up to 500 messages unsettled each; 0 ms of work a message',
      '',
    ]);
  });

  it('says that events have sizes of their own', () => {
    const upgrade = SALE.replace('stream', 'schema-evolution').replace(
      'producers:',
      'schema: { format: json, upgrade: {} }\nproducers:',
    );
    const [, messages] = loadLines({ ...parseScenario(upgrade, 'sale.yaml') });
    assert.match(messages ?? '', /^- Messages: at most 1.0 KiB each, /);
  });

  it('is left out where a result does not tell', () => {
    assert.deepEqual(loadLines({ name: 'old' }), []);
    assert.deepEqual(loadLines(undefined), []);
  });
});
