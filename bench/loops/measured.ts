import { nowNs } from '../../src/clock/index.ts';
import { driverNamed } from '../../src/drivers/index.ts';
import { IntervalCounter, PhaseRecord } from '../../src/measure/index.ts';
import type { Scenario, TrialPlan } from '../../src/scenario/index.ts';
import { workloadNamed } from '../../src/workloads/index.ts';
import { batchingOf, readSetting, Stopwatch } from './setting.ts';

/** All messages are due at once, so that only the window holds the sender back. */
const FLOOD_PER_SECOND = 1e9;

/** The loop as mqbench runs it: sender, driver, recorder and ledger, in one thread like the raw loops. */
const setting = readSetting();
const scenario: Scenario = {
  name: 'cost',
  title: '',
  question: '',
  lookAt: '',
  workload: 'stream',
  contract: 'leader-acked',
  messages: { sizeBytes: setting.sizeBytes, keys: { distribution: 'uniform', count: 10_000 } },
  topology: { partitions: setting.partitions, subscriptions: ['bench'] },
  producers: {
    count: 1,
    window: setting.window,
    batching: batchingOf(setting),
  },
  consumers: { count: 1, window: setting.prefetch, workMs: 0, of: {}, changes: [] },
  faults: [],
  deadLetters: undefined,
  saga: undefined,
  schema: undefined,
  load: {
    arrivals: 'uniform',
    phases: [
      {
        name: 'flood',
        fromPerSecond: FLOOD_PER_SECOND,
        toPerSecond: FLOOD_PER_SECOND,
        seconds: setting.messages / FLOOD_PER_SECOND,
        warmup: false,
      },
    ],
  },
  drain: { timeoutSeconds: 60, quietSeconds: 0 },
  checks: [],
};
const plan: TrialPlan = {
  scenario,
  target: setting.target,
  repeat: 1,
  position: 1,
  seed: 1,
  run: 1,
  topic: setting.topic,
  maxExamples: 48,
};

const module = driverNamed(setting.driver);
if (module === undefined) throw new Error(`no driver ${setting.driver}`);
const life = new AbortController();
await using driver = await module.connect(setting.connection, life.signal);
await driver.createTopology({ topics: [{ name: plan.topic, ...scenario.topology }] }, scenario.contract);
{
  const workload = workloadNamed('stream');
  const onLost = (error: Error): void => {
    throw error;
  };
  const stage = { plan, driver, onLost };
  await using consuming =
    setting.direction === 'publish'
      ? undefined
      : await workload.open({ kind: 'consumers', subscription: 'bench' }, stage);
  await using producing = await workload.open({ kind: 'producers' }, stage);
  const startNs = nowNs();
  const records = { phases: [new PhaseRecord()], intervals: new IntervalCounter(startNs, []) };
  await consuming?.start(startNs, records);
  const watch = new Stopwatch();
  await producing.start(startNs, records);
  watch.published();
  const { acknowledged } = producing.progress;
  if (acknowledged !== setting.messages)
    throw new Error(`${acknowledged} of ${setting.messages} were acknowledged`);
  const arrived = (): number => consuming?.progress.arrived ?? acknowledged;
  while (arrived() < acknowledged) await new Promise((resolve) => setTimeout(resolve, 1));
  watch.tell(acknowledged, consuming === undefined ? undefined : arrived());
}
await driver.deleteTopology();
life.abort();
