import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { cases } from './contract/cases.ts';
import type { Judging } from './contract/judging.ts';
import type { Matrix } from './contract/matrix.ts';
import type { ContractCase } from './contract/suite-target.ts';
import type { Turns } from './contract/turns.ts';

/** A target that is judged beside others. */
export interface SuiteRun {
  readonly target: string;
  readonly judging: Judging;
  /** of all targets */
  readonly turns: Turns;
  readonly matrix: Matrix;
}

/** Defines the suite for one target. `MQBENCH_CASE` narrows it to the cases whose name contains it. */
export function contractSuite(run: SuiteRun): void {
  const { target, judging, turns, matrix } = run;
  const only = process.env['MQBENCH_CASE'];
  matrix.begin(target);
  describe(`driver contract: ${target}`, { concurrency: 1 }, () => {
    before(async () => matrix.ranOn(target, await turns.shared(() => judging.open())));
    for (const each of cases) {
      if (only !== undefined && !each.name.includes(only)) continue;
      test(`${each.name}: ${each.title}`, (t) => judge(t, each, run));
    }
    after(() => judging[Symbol.asyncDispose]());
  });
}

async function judge(
  t: TestContext,
  { name, alone }: ContractCase,
  { target, judging, turns, matrix }: SuiteRun,
): Promise<void> {
  matrix.set(target, name, 'FAIL');
  const run = () => judging.judge(name);
  const { verdict, reason } = await (alone === undefined ? turns.shared(run) : turns.alone(run));
  matrix.set(target, name, verdict, reason);
  if (verdict !== 'pass') t.skip(reason);
}
