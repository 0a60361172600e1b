import { before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { ContractRefused } from '../../src/drivers/index.ts';
import { deadLetterCases } from './contract/dead-letter-cases.ts';
import { deliveryCases } from './contract/delivery-cases.ts';
import { promiseCases } from './contract/promise-cases.ts';
import { settlingCases } from './contract/settling-cases.ts';
import { sockets, socketsAtMost } from './contract/sockets.ts';
import { NotApplicable } from './contract/suite-target.ts';
import type { ContractCase, JudgedTarget } from './contract/suite-target.ts';

export type { JudgedTarget } from './contract/suite-target.ts';

const caseTimeoutMs = 90_000;

const cases: readonly ContractCase[] = [
  ...deliveryCases,
  ...settlingCases,
  ...deadLetterCases,
  ...promiseCases,
];

type Verdict = 'pass' | 'FAIL' | 'not applicable' | 'refused';

/** A verdict and, where it is not `pass`, the reason that the driver gave. */
interface Cell {
  readonly verdict: Verdict;
  readonly reason?: string;
}

/** What each target did with each case, as a table for people. */
export class Matrix {
  readonly #columns = new Map<string, Map<string, Cell>>();

  readonly #servers = new Map<string, string>();

  /** @param server product and version */
  ranOn(target: string, server: string): void {
    this.#servers.set(target, server);
  }

  set(target: string, row: string, verdict: Verdict, reason?: string): void {
    const column = this.#columns.get(target) ?? new Map<string, Cell>();
    this.#columns.set(target, column.set(row, { verdict, ...(reason === undefined ? {} : { reason }) }));
  }

  /** As a page of docs/: a row a case, a column a target, and a note for each reason. */
  toMarkdown(): string {
    const targets = [...this.#columns.keys()];
    const reasons: string[] = [];
    const cell = (target: string, row: string): string => {
      const { verdict, reason } = this.#columns.get(target)?.get(row) ?? { verdict: 'not run' };
      if (reason === undefined) return verdict;
      if (!reasons.includes(reason)) reasons.push(reason);
      return `${verdict} [${reasons.indexOf(reason) + 1}](#reasons)`;
    };
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    const rows = cases.map(({ name }) => line([name, ...targets.map((target) => cell(target, name))]));
    return [
      '# The contract suite',
      '',
      'What each target did with each case of `test/live/contract/`, written by a run of the live tests with `MQBENCH_MATRIX=docs/contract-suite.md`.',
      '',
      line(['case', ...targets]),
      `|---|${targets.map(() => '---|').join('')}`,
      line(['*ran on*', ...targets.map((target) => this.#servers.get(target) ?? '-')]),
      ...rows,
      '',
      '## Reasons',
      '',
      ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
      '',
    ].join('\n');
  }

  toString(): string {
    const targets = [...this.#columns.keys()];
    const rows = cases.map(({ name }) => [
      name,
      ...targets.map((target) => this.#columns.get(target)?.get(name)?.verdict ?? 'not run'),
    ]);
    const table = [['driver contract', ...targets], ...rows];
    const widths = (table[0] ?? []).map((_, index) =>
      Math.max(...table.map((row) => row[index]?.length ?? 0)),
    );
    return table
      .map((row) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  '))
      .join('\n');
  }
}

/** Defines the suite for one target. `MQBENCH_CASE` narrows it to the cases whose name contains it. */
export function contractSuite(target: JudgedTarget, matrix: Matrix): void {
  const only = process.env['MQBENCH_CASE'];
  describe(`driver contract: ${target.name}`, () => {
    before(async () => {
      await using driver = await target.connect();
      matrix.ranOn(target.name, `${driver.server.product} ${driver.server.version}`);
    });
    for (const each of cases) {
      if (only !== undefined && !each.name.includes(only)) continue;
      test(`${each.name}: ${each.title}`, { timeout: caseTimeoutMs }, (t) => judge(t, target, each, matrix));
    }
  });
}

async function judge(
  t: TestContext,
  target: JudgedTarget,
  each: ContractCase,
  matrix: Matrix,
): Promise<void> {
  matrix.set(target.name, each.name, 'FAIL');
  try {
    const socketsBefore = sockets();
    await each.run(target);
    // what a case opened it has closed: a connection that is left would keep the process alive
    await socketsAtMost(socketsBefore, 5000);
    matrix.set(target.name, each.name, 'pass');
  } catch (error) {
    if (error instanceof NotApplicable) {
      matrix.set(target.name, each.name, 'not applicable', error.message);
      t.skip(error.message);
    } else if (error instanceof ContractRefused) {
      // or a driver that refuses everything would pass
      await using driver = await target.connect();
      if (!target.refuses(error.contract, driver.server)) throw error;
      matrix.set(target.name, each.name, 'refused', error.message);
      t.skip(error.message);
    } else throw error;
  }
}
