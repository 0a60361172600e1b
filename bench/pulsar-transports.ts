import { parseArgs } from 'node:util';
import { runningBrokers } from '../src/brokers/index.ts';
import { median } from '../src/stats/index.ts';
import { resolveTargets } from '../src/targets/index.ts';
import type { Setting } from './loops/setting.ts';
import { runLoop, settingOf } from './loops/run-loop.ts';

/**
 * Pulsar's native client against its WebSocket API, each as mqbench drives it and as a raw loop of the client;
 * published alone, and published and received at once. In pairs whose order alternates. Needs `mqbench up pulsar`.
 *
 *   node bench/pulsar-transports.ts --pairs 7
 */
const MESSAGES = { pulsar: 60_000, 'pulsar-websocket': 15_000 };
const TRANSPORTS = ['pulsar', 'pulsar-websocket'] as const;

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '7' } } });
const running = await runningBrokers();
const targets = resolveTargets([...TRANSPORTS], { configured: [], configure: () => [], running });

interface Row {
  readonly what: string;
  readonly direction: Setting['direction'];
  readonly loops: Readonly<Record<(typeof TRANSPORTS)[number], string>>;
}

const raw = { pulsar: 'raw-pulsar', 'pulsar-websocket': 'raw-pulsar-websocket' };
const driver = { pulsar: 'measured', 'pulsar-websocket': 'measured' };
const ROWS: readonly Row[] = [
  { what: 'published, through mqbench', direction: 'publish', loops: driver },
  { what: 'end to end, through mqbench', direction: 'both', loops: driver },
  { what: 'published, raw', direction: 'publish', loops: raw },
  { what: 'end to end, raw', direction: 'both', loops: raw },
];

console.log('| what | native msg/s | WebSocket msg/s | ratio (median) | ratios of the pairs |');
console.log('|---|---|---|---|---|');
for (const { what, direction, loops } of ROWS) {
  const paces = { pulsar: [] as number[], 'pulsar-websocket': [] as number[] };
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    for (const transport of pair % 2 === 0 ? TRANSPORTS : TRANSPORTS.toReversed()) {
      const target = targets.find(({ name }) => name === transport);
      if (target === undefined) throw new Error(`no target ${transport}`);
      const setting = { ...settingOf(target, `${transport}${pair}`, MESSAGES[transport]), direction };
      const pace = await runLoop(loops[transport], setting, []);
      const perSecond = direction === 'both' ? pace.receivedPerSecond : pace.publishedPerSecond;
      paces[transport].push(perSecond ?? NaN);
    }
  }
  const ratios = paces.pulsar.map((each, pair) => each / (paces['pulsar-websocket'][pair] ?? NaN));
  const cells = [
    what,
    Math.round(median(paces.pulsar) ?? NaN).toLocaleString('en-US'),
    Math.round(median(paces['pulsar-websocket']) ?? NaN).toLocaleString('en-US'),
    (median(ratios) ?? NaN).toFixed(1),
    ratios.map((ratio) => ratio.toFixed(1)).join(' '),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
