import { parseArgs } from 'node:util';
import { runningBrokers } from '../src/brokers/index.ts';
import { median } from '../src/stats/index.ts';
import { resolveTargets, startEmbedded } from '../src/targets/index.ts';
import { runLoop, settingOf } from './loops/run-loop.ts';
import type { Pace } from './loops/setting.ts';

/**
 * What measuring costs: the client's raw loop, the same loop through the driver, and through driver, recorder and
 * ledger; one process each, in rounds whose order rotates. Needs `mqbench up` for what is not embedded.
 *
 *   node bench/cost.ts --target kafka,rabbitmq --rounds 7 --node-flags=--single-threaded-gc
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
  'sqs-fifo': { raw: 'raw-sqs', messages: 5_000 },
  sns: { raw: 'raw-sns', messages: 5_000 },
};

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: Object.keys(LOOPS).join(',') },
    rounds: { type: 'string', default: '7' },
    'node-flags': { type: 'string', default: '' },
  },
});
const nodeFlags = values['node-flags'].split(' ').filter((flag) => flag !== '');
const running = await runningBrokers();
const sources = { configured: [], configure: () => [], running };
await using embedded = await startEmbedded(resolveTargets(values.target.split(','), sources));

const SIDES = ['raw', 'driver', 'measured'] as const;
type Side = (typeof SIDES)[number];

const throughputs = ['raw msg/s', 'driver msg/s', '÷ raw (rounds)', 'mqbench msg/s', '÷ raw (rounds)'];
row(['target', ...throughputs, 'CPU µs a message: raw, driver, mqbench']);
row(Array.from({ length: throughputs.length + 2 }, () => '---'));
for (const target of embedded.targets) {
  const loop = LOOPS[target.name];
  if (loop === undefined) throw new Error(`there is no raw loop for ${target.name}`);
  const paces: Record<Side, Pace[]> = { raw: [], driver: [], measured: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    for (let turn = 0; turn < SIDES.length; turn++) {
      // each side is first, second and last in its turn
      const side = SIDES[(round + turn) % SIDES.length] ?? 'raw';
      const setting = settingOf(target, `${side}${round}`, loop.messages);
      paces[side].push(await runLoop(side === 'raw' ? loop.raw : side, setting, nodeFlags));
    }
  }
  const { raw, driver, measured } = paces;
  row([
    target.name,
    rate(raw),
    rate(driver),
    ratios(driver, raw),
    rate(measured),
    ratios(measured, raw),
    SIDES.map((side) => medianOf(paces[side].map(({ cpuUsPerMessage }) => cpuUsPerMessage)).toFixed(0)).join(
      ', ',
    ),
  ]);
}

function received({ receivedPerSecond }: Pace): number {
  return receivedPerSecond ?? NaN;
}

function rate(paces: readonly Pace[]): string {
  return Math.round(medianOf(paces.map(received))).toLocaleString('en-US');
}

/** The median, and every round's. */
function ratios(paces: readonly Pace[], raw: readonly Pace[]): string {
  const all = paces.map((pace, round) => received(pace) / received(raw[round] ?? pace));
  return `**${medianOf(all).toFixed(2)}** (${all.map((each) => each.toFixed(2)).join(' ')})`;
}

function medianOf(values: readonly number[]): number {
  return median(values) ?? NaN;
}

function row(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
