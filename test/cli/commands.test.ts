import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { METRICS } from '../../src/scenario/index.ts';
import { brokerNames } from '../../src/brokers/index.ts';
import { BUILT_IN_TARGETS } from '../../src/targets/index.ts';
import { Project } from './fixtures/project.ts';
import { SHORT, SHORTEST } from './fixtures/scenarios.ts';

const LOG_IMPORTS = fileURLToPath(new URL('fixtures/log-imports.ts', import.meta.url));

describe('mqbench init', () => {
  it('makes a project that is valid and runs, and overwrites nothing afterwards', async () => {
    await using project = await Project.with({});

    const made = await project.mqbench('init');
    assert.deepEqual(made, {
      exitCode: 0,
      stdout: 'wrote mqbench.yaml\nwrote scenarios/my-first.yaml\nnext: npx mqbench run my-first\n',
      stderr: '',
    });

    const validated = await project.mqbench('validate', 'mqbench.yaml', 'scenarios/my-first.yaml');
    assert.equal(validated.exitCode, 0, validated.stderr);
    assert.deepEqual(
      validated.stdout.split('\n').map((line) => line.slice(0, 16)),
      ['ok  mqbench.yaml', 'ok  scenarios/my', ''],
    );

    // shorter, and still long enough for the p99 that it checks
    const scenario = join(project.path, 'scenarios/my-first.yaml');
    const text = await readFile(scenario, 'utf8');
    await writeFile(
      scenario,
      text.replace('for: 2s', 'for: 1s').replace('for: 4s', 'for: 1s').replace('for: 6s', 'for: 3s'),
    );
    const ran = await project.mqbench('run');
    // 4 on a machine that is too busy for so short a run to be the broker's
    assert.ok(ran.exitCode === 0 || ran.exitCode === 4, ran.stderr);
    assert.match(ran.stdout, /^my-first: /);

    const again = await project.mqbench('init');
    assert.deepEqual(again, {
      exitCode: 2,
      stdout: '',
      stderr: `error: mqbench.yaml and scenarios/my-first.yaml exist already
  use --force to overwrite, or --dir for another folder
`,
    });
    assert.notEqual(await readFile(scenario, 'utf8'), text, 'what the user had changed is still there');
  });

  it('makes a decision that is valid, and can be weighed before anything is measured', async () => {
    await using project = await Project.with({});

    const made = await project.mqbench('init', '--decision');
    assert.deepEqual(made, {
      exitCode: 0,
      stdout: 'wrote decision.yaml\nnext: npx mqbench decide\n',
      stderr: '',
    });

    const validated = await project.mqbench('validate', 'decision.yaml');
    assert.equal(
      validated.stdout,
      'ok  decision.yaml  (decision: options kafka, rabbitmq; 2 criteria)\n',
      validated.stderr,
    );
    const decided = await project.mqbench('decide');
    assert.equal(decided.exitCode, 0, decided.stderr);
    assert.match(decided.stdout, /^- RabbitMQ, p99 on an ordinary day: unknown, not measured yet$/m);
  });
});

describe('mqbench validate', () => {
  it('checks a price sheet, by its name or its keys', async () => {
    const sheet =
      'currency: EUR\nitems:\n  vm: { price: 0.1, per: hour, source: https://example.org, read: 2026-11-26 }\n';
    await using project = await Project.with({
      'prices.yaml': sheet,
      'cloud.yaml': sheet.replace('hour', 'day'),
    });

    const { exitCode, stdout, stderr } = await project.mqbench('validate', 'prices.yaml', 'cloud.yaml');

    assert.equal(exitCode, 2);
    assert.equal(stdout, 'ok  prices.yaml  (price sheet in EUR: vm)\n');
    assert.match(stderr, /^cloud\.yaml:3:\d+: /);
  });
});

describe('mqbench list', () => {
  for (const { what, has } of [
    { what: 'scenarios', has: { scenario: 'orders', workload: 'stream', origin: 'own' } },
    { what: 'scenarios', has: { scenario: 'steady-state', origin: 'shipped' } },
    { what: 'targets', has: { target: 'mine', driver: 'memory', description: 'of mqbench.yaml' } },
    { what: 'targets', has: { target: 'kafka-kafkajs', driver: 'kafka' } },
    { what: 'drivers', has: { driver: 'memory', emulated: true, settlements: ['done', 'retry', 'reject'] } },
    { what: 'metrics', has: { metric: 'endToEnd.p99', unit: 'time', perPhase: true } },
    { what: 'metrics', has: { metric: 'ledger.lost', unit: 'count', perPhase: false } },
  ] as const) {
    it(`${what} has ${Object.values(has)[0]}, as a table and as a JSON array`, async () => {
      await using project = await Project.with({
        'scenarios/orders.yaml': SHORT,
        'mqbench.yaml': 'targets: { mine: { driver: memory } }',
      });

      const json = await project.mqbench('list', what, '--json');
      const table = await project.mqbench('list', what);

      assert.deepEqual([json.exitCode, json.stderr, table.exitCode, table.stderr], [0, '', 0, '']);
      const rows = JSON.parse(json.stdout) as Record<string, unknown>[];
      const [key, name] = Object.entries(has)[0] ?? [];
      assert.partialDeepStrictEqual(
        rows.find((row) => row[key ?? ''] === name),
        has,
      );
      const shown = String(name).replace(/^endToEnd\..*/, 'endToEnd.*');
      assert.ok(table.stdout.includes(`│ ${shown} `), table.stdout);
    });
  }

  it('metrics fits a screen for a person, and has every metric for a program', async () => {
    await using project = await Project.with({});

    const { stdout: json } = await project.mqbench('list', 'metrics', '--json');
    const all = JSON.parse(json) as { metric: string; of: string }[];
    assert.partialDeepStrictEqual(
      all.find(({ metric }) => metric === 'broker.memory'),
      { unit: 'memory', of: 'decisions' },
    );
    const rows = all.filter(({ of }) => of !== 'decisions');
    const { stdout } = await project.mqbench('list', 'metrics');

    assert.equal(rows.length, METRICS.length);
    assert.match(stdout, /^\* is one of min, p50, p90, p99, p999, p9999, max, mean/m);
    assert.match(stdout, /^for decisions only: capacity \(.*, broker\.memory \(/m);
    assert.ok(stdout.split('\n').length < 50);
  });
});

describe('mqbench report', () => {
  it('prints again what run printed, and report.md', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORTEST });
    const ran = await project.mqbench('run', 'orders.yaml');
    const { result } = await project.campaign();
    const folder = join('results', result.id);

    assert.equal((await project.mqbench('report', folder)).stdout, ran.stdout);
    assert.equal((await project.mqbench('report', join(folder, 'result.json'))).stdout, ran.stdout);
    assert.equal(
      (await project.mqbench('report', '--markdown', folder)).stdout,
      await readFile(join(project.path, folder, 'report.md'), 'utf8'),
    );
  });

  it('exits 2 for what is no campaign', async () => {
    await using project = await Project.with({
      'other/result.json': '{"schema":"mqbench/result@99"}',
      'mine.txt': '',
    });

    const missing = await project.mqbench('report', 'results/none');
    assert.equal(missing.exitCode, 2);
    assert.match(
      missing.stderr,
      /^error: results\/none\/result\.json: cannot be read: .*\n {2}give the folder/,
    );

    const { stderr } = await project.mqbench('report', 'mine.txt');
    assert.match(stderr, /: cannot be read: mine\.txt is a file, and no result\.json\n/);

    const other = await project.mqbench('report', 'other');
    assert.deepEqual([other.exitCode, other.stdout], [2, '']);
    assert.match(other.stderr, /^error: other\/result\.json: not a result of this version of mqbench:/);
  });
});

describe('with nothing up', () => {
  it('mqbench status says how to start something; as JSON it is an empty array', async () => {
    await using project = await Project.with({});
    assert.deepEqual(await project.mqbench('status'), {
      exitCode: 0,
      stdout: '',
      stderr: 'no broker is running; start one with: mqbench up\n',
    });
    assert.deepEqual(await project.mqbench('status', '--json'), {
      exitCode: 0,
      stdout: '[]\n',
      stderr: '',
    });
  });

  it('mqbench down has nothing to do', async () => {
    await using project = await Project.with({});
    assert.deepEqual(await project.mqbench('down'), {
      exitCode: 0,
      stdout: '',
      stderr: 'nothing is running\n',
    });
  });

  it('mqbench clean has nothing to delete of an embedded broker', async () => {
    await using project = await Project.with({});
    assert.deepEqual(await project.mqbench('clean'), {
      exitCode: 0,
      stdout: '',
      stderr: 'memory: embedded, its broker went with its campaign\n',
    });
  });

  it('mqbench init says where it cannot write', { timeout: 10_000 }, async () => {
    await using project = await Project.with({});
    const { exitCode, stderr } = await project.mqbench('init', '--dir', '/proc/nowhere');
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: cannot write \/proc\/nowhere\/mqbench\.yaml: /);
  });

  it('mqbench doctor says of each broker, and of network faults, whether it can run here, and what to do where it cannot', async () => {
    await using project = await Project.with({});

    const json = await project.mqbench('doctor', '--json');
    const table = await project.mqbench('doctor');

    assert.deepEqual([json.exitCode, table.exitCode], [0, 0]);
    const findings = JSON.parse(json.stdout) as { what: string; usable: boolean; remedy: string }[];
    assert.deepEqual(
      findings.map(({ what }) => what),
      [
        ...BUILT_IN_TARGETS.map(({ name }) => `target ${name}`),
        ...brokerNames.flatMap((name) => [`${name}, native`, `${name}, docker`]),
        'network faults',
      ],
    );
    assert.deepEqual(
      findings.filter(({ usable, remedy }) => !usable && remedy === ''),
      [],
    );
    for (const { what } of findings) assert.ok(table.stdout.includes(`│ ${what} `));
  });
});

describe('mqbench --help', () => {
  it('lists the commands and the exit codes', async () => {
    await using project = await Project.with({});

    const { exitCode, stdout } = await project.mqbench('--help');

    assert.equal(exitCode, 0);
    const commands = ['run', 'up', 'down', 'status', 'doctor', 'list', 'validate', 'init', 'report', 'clean'];
    for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
    const codes = [...stdout.matchAll(/^ {2}(\d+) +\S/gm)].map(([, code]) => Number(code));
    assert.deepEqual(codes, [0, 1, 2, 3, 4, 130]);
  });

  it('loads nothing but the parser of arguments, so that it answers at once', async () => {
    await using project = await Project.with({});
    const { stderr } = await project.start(['--help'], { NODE_OPTIONS: `--import=${LOG_IMPORTS}` }).ended;
    assert.deepEqual(packagesIn(stderr), ['commander']);
  });

  it('and a run on memory loads no client of another broker', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORTEST });
    const environment = { NODE_OPTIONS: `--import=${LOG_IMPORTS}` };
    const { stderr } = await project.start(['run', 'orders.yaml'], environment).ended;
    const loaded = packagesIn(stderr);
    assert.ok(loaded.includes('hdr-histogram-js'));
    const clients = ['@platformatic/kafka', 'amqplib', 'kafkajs'];
    assert.deepEqual(
      clients.filter((client) => loaded.includes(client)),
      [],
    );
  });
});

/** The packages whose modules log-imports.ts has named. */
function packagesIn(log: string): readonly string[] {
  const names = [...log.matchAll(/^import .*\/node_modules\/((?:@[^/]+\/)?[^/]+)/gm)].map(([, name]) => name);
  return [...new Set(names.map(String))].toSorted();
}
