import { parseArgs } from 'node:util';
import { runningBrokers } from '../src/brokers/index.ts';
import { median } from '../src/stats/index.ts';
import { resolveTargets, startEmbedded } from '../src/targets/index.ts';
import { runLoop, settingOf } from './loops/run-loop.ts';
import type { Pace } from './loops/setting.ts';

/**
 * What measuring costs: the client's raw loop against the same loop through driver, recorder and ledger;
 * one process each, in pairs whose order alternates. Needs `mqbench up` for what is not embedded.
 *
 *   node bench/cost.ts --target kafka,rabbitmq --pairs 7 --node-flags=--single-threaded-gc
 */
const LOOPS: Readonly<Record<string, { readonly raw: string; readonly messages: number }>> = {
  memory: { raw: 'raw-memory', messages: 400_000 },
  kafka: { raw: 'raw-kafka', messages: 500_000 },
  'kafka-kafkajs': { raw: 'raw-kafkajs', messages: 200_000 },
  rabbitmq: { raw: 'raw-rabbitmq', messages: 100_000 },
  'rabbitmq-classic': { raw: 'raw-rabbitmq', messages: 100_000 },
  'rabbitmq-stream': { raw: 'raw-rabbitmq', messages: 100_000 },
  nats: { raw: 'raw-nats', messages: 100_000 },
  redis: { raw: 'raw-redis', messages: 100_000 },
  pulsar: { raw: 'raw-pulsar', messages: 60_000 },
  'pulsar-websocket': { raw: 'raw-pulsar-websocket', messages: 15_000 },
  sqs: { raw: 'raw-sqs', messages: 5_000 },
  // sqs-fifo: raw-sqs did not come to its end on it yet
  sns: { raw: 'raw-sns', messages: 5_000 },
};

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: Object.keys(LOOPS).join(',') },
    pairs: { type: 'string', default: '7' },
    'node-flags': { type: 'string', default: '' },
  },
});
const nodeFlags = values['node-flags'].split(' ').filter((flag) => flag !== '');
const running = await runningBrokers();
const sources = { configured: [], configure: () => [], running };
await using embedded = await startEmbedded(resolveTargets(values.target.split(','), sources));

const header = ['target', 'raw msg/s', 'through mqbench msg/s', 'ratio (median)', 'ratios of the pairs'];
row([...header, 'CPU µs a message, raw', 'through mqbench']);
row(Array.from({ length: 7 }, () => '---'));
for (const target of embedded.targets) {
  const loop = LOOPS[target.name];
  if (loop === undefined) throw new Error(`there is no raw loop for ${target.name}`);
  const pace = (name: string, topic: string): Promise<Pace> =>
    runLoop(name, settingOf(target, topic, loop.messages), nodeFlags);
  const raw: Pace[] = [];
  const measured: Pace[] = [];
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const both = [
      async () => raw.push(await pace(loop.raw, `raw${pair}`)),
      async () => measured.push(await pace('measured', `measured${pair}`)),
    ];
    for (const side of pair % 2 === 0 ? both : both.toReversed()) await side();
  }
  const ratios = measured.map((each, pair) => received(each) / received(raw[pair]));
  row([
    target.name,
    Math.round(median(raw.map(received)) ?? NaN).toLocaleString('en-US'),
    Math.round(median(measured.map(received)) ?? NaN).toLocaleString('en-US'),
    (median(ratios) ?? NaN).toFixed(2),
    ratios.map((ratio) => ratio.toFixed(2)).join(' '),
    (median(raw.map(({ cpuUsPerMessage }) => cpuUsPerMessage)) ?? NaN).toFixed(0),
    (median(measured.map(({ cpuUsPerMessage }) => cpuUsPerMessage)) ?? NaN).toFixed(0),
  ]);
}

function received(pace: Pace | undefined): number {
  return pace?.receivedPerSecond ?? NaN;
}

function row(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
