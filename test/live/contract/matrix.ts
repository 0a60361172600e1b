import { cases } from './cases.ts';
import type { Judgement } from './judge.ts';

type Verdict = Judgement['verdict'] | 'FAIL';

/** A verdict and, where it is not `pass`, the reason that the driver gave. */
interface Cell {
  readonly verdict: Verdict;
  readonly reason?: string;
}

/** What each target did with each case, as a table for people. */
export class Matrix {
  readonly #columns = new Map<string, Map<string, Cell>>();

  readonly #servers = new Map<string, string>();

  /** Its column is beside those that were begun before, whichever has its first verdict first. */
  begin(target: string): void {
    this.#columns.set(target, new Map());
  }

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
