import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { runningBrokers } from '../src/brokers/index.ts';
import { median } from '../src/stats/index.ts';
import { resolveTargets } from '../src/targets/index.ts';
import type { Setting } from './loops/setting.ts';

/**
 * What measuring costs: the client's raw loop against the same loop through driver, recorder and ledger;
 * one process each, in pairs whose order alternates. Needs `mqbench up`.
 *
 *   node bench/cost.ts --target kafka,rabbitmq --pairs 7 --node-flags=--single-threaded-gc
 */
const RAW_LOOPS: Readonly<Record<string, string>> = {
  kafka: 'raw-kafka',
  'kafka-kafkajs': 'raw-kafkajs',
  rabbitmq: 'raw-rabbitmq',
  'rabbitmq-classic': 'raw-rabbitmq',
};

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: Object.keys(RAW_LOOPS).join(',') },
    pairs: { type: 'string', default: '7' },
    'node-flags': { type: 'string', default: '' },
  },
});
const nodeFlags = values['node-flags'].split(' ').filter((flag) => flag !== '');
const run = promisify(execFile);
const running = await runningBrokers();

console.log('| target | raw msg/s | through mqbench msg/s | ratio (median) | ratios of the pairs |');
console.log('|---|---|---|---|---|');
for (const target of resolveTargets(values.target.split(','), {
  configured: [],
  configure: () => [],
  running,
})) {
  const raw: number[] = [];
  const measured: number[] = [];
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const both = [
      async () => raw.push(await loop(RAW_LOOPS[target.name] ?? '', setting(target, `raw${pair}`))),
      async () => measured.push(await loop('measured', setting(target, `measured${pair}`))),
    ];
    for (const side of pair % 2 === 0 ? both : both.toReversed()) await side();
  }
  const ratios = measured.map((each, pair) => each / (raw[pair] ?? NaN));
  const cells = [
    target.name,
    Math.round(median(raw) ?? NaN).toLocaleString('en-US'),
    Math.round(median(measured) ?? NaN).toLocaleString('en-US'),
    (median(ratios) ?? NaN).toFixed(2),
    ratios.map((ratio) => ratio.toFixed(2)).join(' '),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

function setting(target: { name: string; config: Readonly<Record<string, unknown>> }, name: string): Setting {
  const kafka = target.name.startsWith('kafka');
  return {
    target: target.name,
    connection: target.config,
    topic: `mqbench.bench-${process.pid}.${name}`,
    messages: kafka ? 500_000 : 150_000,
    sizeBytes: 1024,
    partitions: kafka ? 4 : 1,
    window: kafka ? 10_000 : 1000,
    prefetch: kafka ? 10_000 : 500,
    maxBatchMessages: 1000,
  };
}

async function loop(name: string, each: Setting): Promise<number> {
  const file = fileURLToPath(new URL(`./loops/${name}.ts`, import.meta.url));
  const { stdout } = await run(process.execPath, ['--no-warnings', ...nodeFlags, file, JSON.stringify(each)]);
  return (JSON.parse(stdout) as { perSecond: number }).perSecond;
}
