import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brokerNames } from '../../src/brokers/index.ts';
import { BUILT_IN_TARGETS } from '../../src/targets/index.ts';
import { Project } from './fixtures/project.ts';
import { SHORT, short } from './fixtures/scenarios.ts';

const TARGETS = BUILT_IN_TARGETS.map(({ name }) => name).join(', ');

const CONTRACTS =
  'fire-and-forget, leader-acked, replicated-acked, fsynced-acked, replicated-fsynced-acked, effectively-once';

const KEYS =
  'name, title, question, lookAt, workload, contract, messages, topology, producers, consumers, load, faults, failures, retry, redrive, saga, schema, drain, checks, variants';

/** SHORT as events whose schema changes. */
function upgraded(from: string, to: string): string {
  const schema = 'schema: { format: avro, upgrade: { producers: [{ at: 500ms, to: v2 }] } }\n';
  const text = `${short('workload: stream', 'workload: schema-evolution')}${schema}`;
  if (!text.includes(from)) throw new Error(`it does not hold ${from}`);
  return text.replace(from, () => to);
}

/** Each mistake of a scenario file, and the whole of what is said about it. */
const MISTAKES: readonly {
  readonly what: string;
  readonly text: string | Uint8Array;
  readonly said: string;
}[] = [
  {
    what: 'an unknown format of events',
    text: upgraded('avro', 'arvo'),
    said: 'bad.yaml:11:19: unknown schema.format "arvo" (allowed: json, avro, protobuf); did you mean "avro"?',
  },
  {
    what: 'an upgrade after the end',
    text: upgraded('at: 500ms', 'at: 2s'),
    said: 'bad.yaml:11:54: schema.upgrade.producers[0].at: is at 2 s, and the load ends at 1 s; let it be earlier, or the load longer',
  },
  {
    what: 'events under a contract in which none can be rejected',
    text: upgraded('leader-acked', 'fire-and-forget'),
    said: 'bad.yaml:2:11: contract: under fire-and-forget consumers settle a message before they handle it, and "schema-evolution" has to have it again; use leader-acked or stronger',
  },
  {
    what: 'an unknown key',
    text: short('contract:', 'contrat:'),
    said: `bad.yaml:2:1: unknown key "contrat" (allowed: ${KEYS}); did you mean "contract"?`,
  },
  {
    what: 'a wrong unit',
    text: short('for: 1s', 'for: 1sec'),
    said: 'bad.yaml:7:41: load.phases[0].for: "1sec" has the unknown unit "sec"; use us, ms, s, min or h, as in 5s; did you mean "s"?',
  },
  {
    what: 'a negative rate',
    text: short('rate: 900/s', 'rate: -1'),
    said: 'bad.yaml:7:29: load.phases[0].rate: "-1" is negative; use 0/s to 10_000_000/s',
  },
  {
    what: 'an unknown contract',
    text: short('leader-acked', 'leader-ack'),
    said: `bad.yaml:2:11: unknown contract "leader-ack" (allowed: ${CONTRACTS}); did you mean "leader-acked"?`,
  },
  {
    what: 'a phase of no length',
    text: short('for: 1s', 'for: 0s'),
    said: 'bad.yaml:7:41: load.phases[0].for: "0s" is too small; use 1ms to 24h',
  },
  {
    what: 'a phase of more than a day',
    text: short('for: 1s', 'for: 25h'),
    said: 'bad.yaml:7:41: load.phases[0].for: "25h" is too large; use 1ms to 24h',
  },
  {
    what: 'a fault after the end of the load',
    text: short('messages:', 'faults: [{ at: 5s, do: crash-consumers, for: 1s }]\nmessages:'),
    said: 'bad.yaml:3:16: faults[0].at: lasts to 6 s, and the load ends at 1 s; let it be earlier, or the load longer',
  },
  {
    what: 'a service that takes no part in the saga',
    text: short(
      'workload: stream',
      'workload: saga\nsaga: { style: choreography }\nconsumers: { of: { paymint: { work: 50ms } } }',
    ),
    said: 'bad.yaml:3:20: consumers.of: no participant "paymint"; the participants are main, order, payment, inventory, shipping',
  },
  {
    what: 'a saga that goes round in circles: its steps are fixed by its style, and no file can say others',
    text: short(
      'workload: stream',
      'workload: saga\nsaga: { style: orchestration, steps: { reserved: authorise } }',
    ),
    said: 'bad.yaml:2:31: unknown key "steps" in saga (allowed: style, articles, stock, declines, refusals, crashes, duplicates, placing, placingCrashes, inbox)',
  },
  {
    what: 'a contract under which its workload cannot have a message again',
    text: short('workload: stream', 'workload: request-reply').replace('leader-acked', 'fire-and-forget'),
    said: 'bad.yaml:2:11: contract: under fire-and-forget consumers settle a message before they handle it, and "request-reply" has to have it again; use leader-acked or stronger',
  },
  {
    what: 'a bracket that is not closed',
    text: short('for: 1s }', 'for: 1s'),
    said: 'bad.yaml:8:1: not YAML: a } is missing before this place: "drain: { quiet: 100ms }"',
  },
  {
    what: 'a duplicate key',
    text: short('drain: { quiet: 100ms }', 'contract: leader-acked'),
    said: 'bad.yaml:8:1: duplicate key "contract"; a key may be given once',
  },
  {
    what: 'a skew of zipf that the generator cannot draw',
    text: short('size: 1KiB', 'size: 1KiB, keys: { distribution: zipf, theta: 1 }'),
    said: 'bad.yaml:3:60: messages.keys.theta: "1" is not valid; must be less than 1',
  },
  {
    what: 'a check of an unknown metric',
    text: short('ledger.lost', 'ledger.lots'),
    said: 'bad.yaml:10:5: checks[0]: unknown metric "ledger.lots"; see mqbench list metrics; did you mean "ledger.lost"?',
  },
  { what: 'an empty file', text: '', said: 'bad.yaml:1:1: the file is empty' },
  {
    what: 'a binary file',
    text: Buffer.from('name: a\nabc\xff\xfe', 'latin1'),
    said: 'bad.yaml:2:4: not a text file: it is not UTF-8 from here on',
  },
];

describe(
  'mqbench run refuses a scenario with exit code 2, and says where and why',
  { concurrency: 2 },
  () => {
    for (const { what, text, said } of MISTAKES) {
      it(what, async () => {
        await using project = await Project.with({ 'bad.yaml': text });
        const ran = await project.mqbench('run', 'bad.yaml');
        assert.deepEqual(ran, { exitCode: 2, stdout: '', stderr: `error: ${said}\n` });
        assert.deepEqual(await project.files(), ['bad.yaml']);
      });
    }

    it('a missing file', async () => {
      await using project = await Project.with({});
      const { exitCode, stderr } = await project.mqbench('run', 'none.yaml');
      assert.deepEqual([exitCode, stderr], [2, 'error: none.yaml: no such file\n']);
    });

    it('a name that is nearly one', async () => {
      await using project = await Project.with({});
      const { exitCode, stderr } = await project.mqbench('run', 'steady-stat');
      assert.equal(exitCode, 2);
      assert.match(
        stderr,
        /^error: unknown scenario "steady-stat" \(known: .*steady-state.*\); did you mean "steady-state"\?\n {2}give a path /,
      );
    });

    it('two scenarios of one name, which no report could tell apart', async () => {
      await using project = await Project.with({ 'a/orders.yaml': SHORT, 'b/orders.yaml': SHORT });
      const { exitCode, stderr } = await project.mqbench('run', 'a/orders.yaml', 'b/orders.yaml');
      assert.equal(exitCode, 2);
      assert.match(stderr, /^error: two scenarios are named "orders"\n {2}give one of them another "name:"/);
    });
  },
);

describe('a secret that is not set', () => {
  const workspace = `targets:
  mine: { driver: memory }
  theirs: { driver: kafka, brokers: ["\${NO_SUCH_HOST}:9092"] }
`;

  it('is missed by the target that needs it', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORT, 'mqbench.yaml': workspace });
    const { exitCode, stderr } = await project.mqbench('run', 'orders.yaml', '--target', 'theirs');
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: mqbench\.yaml:3:\d+: .*the environment variable NO_SUCH_HOST is not set/);
  });

  it('and not by the others', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORT, 'mqbench.yaml': workspace });
    assert.equal((await project.mqbench('run', 'orders.yaml', '--target', 'mine')).exitCode, 0);
    assert.equal((await project.mqbench('list', 'targets')).exitCode, 0);
  });
});

describe('mqbench run refuses a target with exit code 2', () => {
  it('that nobody has named, with all there are', async () => {
    await using project = await Project.with({ 'mqbench.yaml': 'targets: { mine: { driver: memory } }' });
    assert.deepEqual(await project.mqbench('run', '--target', 'kafak'), {
      exitCode: 2,
      stdout: '',
      stderr: `error: unknown target "kafak"; did you mean "kafka"?
  targets are: mine, ${TARGETS}; more can be named in mqbench.yaml
`,
    });
  });

  it('that is misspelt, before --up starts a broker for the others', async () => {
    await using project = await Project.with({});
    const { exitCode, stderr } = await project.mqbench('run', '--up', '--target', 'kafka,rabitmq');
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: unknown target "rabitmq"; did you mean "rabbitmq"\?/);
  });

  it('whose configuration is not valid, with its place in mqbench.yaml', async () => {
    await using project = await Project.with({
      'mqbench.yaml': 'targets:\n  mine:\n    driver: kafka\n    broker: [127.0.0.1:9092]\n',
    });
    const { exitCode, stderr } = await project.mqbench('run', 'steady-state');
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: mqbench\.yaml:4:5: unknown key "broker" .*; did you mean "brokers"\?\n$/);
  });
});

describe('mqbench refuses flags and words with exit code 2, and suggests the nearest', () => {
  const lines = (stderr: string): readonly string[] => stderr.trimEnd().split('\n');
  for (const { args, said } of [
    { args: ['rum'], said: ["error: unknown command 'rum'", '  did you mean run?', '  see: mqbench --help'] },
    {
      args: ['run', '--targt', 'kafka'],
      said: ["error: unknown option '--targt'", '  did you mean --target?', '  see: mqbench run --help'],
    },
    {
      args: ['run', '--repeats', 'many'],
      said: [
        "error: option '-r, --repeats <n>' argument 'many' is invalid. It must be a whole number from 1 to 1000.",
        '  see: mqbench run --help',
      ],
    },
    {
      args: ['run', '--at-most', '10 secs'],
      said: [
        `error: option '--at-most <duration>' argument '10 secs' is invalid. "10 secs" has the unknown unit "secs"; use us, ms, s, min or h, as in 5s; did you mean "s"?`,
        '  see: mqbench run --help',
      ],
    },
    {
      args: ['run', '--target', ','],
      said: [
        "error: option '-t, --target <names>' argument ',' is invalid. It must be one name or several, separated by commas.",
        '  see: mqbench run --help',
      ],
    },
    {
      args: ['run', '--out', ''],
      said: [
        "error: option '-o, --out <dir>' argument '' is invalid. It must be the path of a folder, and is empty.",
        '  see: mqbench run --help',
      ],
    },
    {
      args: ['run', '--up', '--provider', 'podman'],
      said: ['error: unknown provider "podman"', '  use one of: native, docker'],
    },
    {
      args: ['run', '--provider', 'docker'],
      said: [
        'error: --provider docker says how --up starts brokers, and there is no --up',
        '  add --up, or leave --provider out',
      ],
    },
    {
      args: ['list', 'metric'],
      said: [
        "error: command-argument value 'metric' is invalid for argument 'what'. It must be one of scenarios, targets, drivers, metrics.",
        '  did you mean metrics?',
        '  see: mqbench list --help',
      ],
    },
    { args: ['list'], said: ["error: missing required argument 'what'", '  see: mqbench list --help'] },
    {
      args: ['up', 'kafak'],
      said: [
        'error: unknown broker "kafak"; did you mean "kafka"?',
        `  mqbench can start: ${brokerNames.join(', ')}`,
      ],
    },
  ]) {
    it(`mqbench ${args.join(' ')}`, async () => {
      await using project = await Project.with({});
      const { exitCode, stdout, stderr } = await project.mqbench(...args);
      assert.deepEqual([exitCode, stdout, lines(stderr)], [2, '', said]);
    });
  }
});

it('a stack trace is printed with --debug, and only then', async () => {
  await using project = await Project.with({});
  assert.doesNotMatch((await project.mqbench('run', 'none.yaml')).stderr, /^ +at /m);
  assert.match((await project.mqbench('run', 'none.yaml', '--debug')).stderr, /^ +at /m);
});
