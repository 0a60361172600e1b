import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { evaluate } from '../../src/measure/index.ts';
import { failedChecks } from '../../src/report/summary.ts';
import { metricValue, type TrialResult } from '../../src/result/index.ts';
import {
  listScenarios,
  metricNamed,
  parseCheck,
  parseScenarios,
  scaled,
  shortened,
  type Check,
  type Scenario,
} from '../../src/scenario/index.ts';
import { Project } from '../cli/fixtures/project.ts';
import { trialOnMemory } from '../run/fixtures/on-memory.ts';

/** Each check of each scenario fails when it should: by a bound on the wrong side of what was measured. */
const shippedDirectory = fileURLToPath(new URL('../../scenarios', import.meta.url));

const files = await Promise.all(
  (await listScenarios({ cwd: '/', shippedDirectory })).map(async ({ path }) => {
    const [file, text] = [basename(path), await readFile(path, 'utf8')];
    return { file, text, scenarios: parseScenarios(text, file).scenarios };
  }),
);

const LONGEST_SECONDS = 6;
/** a recovery is told in whole seconds of what was before and after */
const LONGEST_OF_RECOVERIES_SECONDS = 14;

describe('each check of a scenario, given a bound that what was measured misses', { concurrency: 4 }, () => {
  for (const scenario of files.flatMap(({ scenarios }) => scenarios)) {
    it(`${scenario.name}: fails, and says which, by how much`, async (t) => {
      const trial = await trialOnMemory(quick(scenario));
      for (const check of scenario.checks) {
        const value = metricValue(check, trial);
        t.diagnostic(`${check.text}: ${value}`);
        if (value === null) {
          assert.equal(evaluate(check, value).passed, false);
          assert.match(told(trial, check), /^memory: .*: (too few|it was not as before)/);
          continue;
        }
        assert.equal(evaluate(bounded(check, 'met', value), value).passed, true);
        const missed = bounded(check, 'missed', value);
        assert.equal(evaluate(missed, value).passed, false);
        assert.ok(told(trial, missed).startsWith(`memory: ${missed.text}: is `), told(trial, missed));
      }
    });
  }
});

describe('a scenario whose check fails ends mqbench run with exit code 1', { concurrency: 4 }, () => {
  for (const { file, text, scenarios } of files) {
    const first = scenarios.find((each) => each.name !== 'dual-write-naive' && canRunOnMemory(each));
    const { name } = first ?? assert.fail(`${file} has nothing that memory can run`);
    it(name, async () => {
      assert.ok(text.includes('  - ledger.lost == 0\n'), 'has the check');
      const impossible = text.replace('  - ledger.lost == 0\n', '  - ledger.lost == 1\n');
      await using project = await Project.with({ [`scenarios/${file}`]: impossible });
      const { exitCode, stdout, stderr } = await project.mqbench('run', name, '--at-most', '2s');
      assert.equal(exitCode, 1, stderr);
      assert.match(stdout, /^check failed: memory: ledger\.lost == 1: is 0, off by 1$/m);
    });
  }
});

/** Short, at a rate at which every percentile that is checked has its samples; a broker inside mqbench cannot die. */
function quick(scenario: Scenario): Scenario {
  const isOfRecovery = scenario.checks.some(({ metric }) => metric.startsWith('recovery.'));
  const short = shortened(scenario, isOfRecovery ? LONGEST_OF_RECOVERIES_SECONDS : LONGEST_SECONDS);
  const faults = short.faults.filter(({ kind }) => kind === 'crash-consumers');
  const factors = short.checks.map((check) => {
    const [, nines] = /\.p(\d+)$/.exec(check.metric) ?? [];
    if (nines === undefined) return 1;
    const beyond = 1 - Number(`0.${nines}`);
    const phases = short.load.phases.filter(({ name, warmup }) =>
      check.phase === undefined ? !warmup : name === check.phase,
    );
    const planned = phases.reduce(
      (sum, { fromPerSecond, toPerSecond, seconds }) => sum + ((fromPerSecond + toPerSecond) / 2) * seconds,
      0,
    );
    // ten beyond it, and some more, since arrivals are at random
    return 13 / beyond / planned;
  });
  return scaled({ ...short, faults }, Math.max(1, ...factors));
}

function canRunOnMemory({ faults }: Scenario): boolean {
  return faults.every(({ kind }) => kind === 'crash-consumers');
}

/** The check with the tightest bound that the value meets, or the nearest one that it misses, as a user writes it. */
function bounded(check: Check, how: 'met' | 'missed', value: number): Check {
  const { metric, operator, phase, subscription } = check;
  const [least, most] = [Math.floor(value), Math.ceil(value)];
  const bounds: Readonly<Record<Check['operator'], readonly [met: number, missed: number]>> = {
    '<': [most + 1, least],
    '<=': [most, least - 1],
    '>': [least - 1, most],
    '>=': [least, most + 1],
    '==': [value, value + 1],
    '!=': [value + 1, value],
  };
  const bound = bounds[operator][how === 'met' ? 0 : 1];
  // nothing is less than nothing
  const [sign, wanted] = bound < 0 ? ['<', 0] : [operator, bound];
  const unit = { us: 'us', perSecond: '/s', count: '' }[metricNamed(metric)?.unit ?? 'count'];
  const where = [
    phase === undefined ? '' : ` in ${phase}`,
    subscription === undefined ? '' : ` of ${subscription}`,
  ].join('');
  return parseCheck(`${metric} ${sign} ${wanted}${unit}${where}`);
}

/** What the report says of a check that failed. */
function told(trial: TrialResult, check: Check): string {
  const outcome = {
    ...evaluate(check, metricValue(check, trial)),
    unit: metricNamed(check.metric)?.unit ?? '',
  };
  const group = { scenario: trial.scenario, target: trial.target, trials: [{ ...trial, checks: [outcome] }] };
  return failedChecks(group, false).join('\n');
}
