import { writeFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { runningBrokers } from '../../src/brokers/index.ts';
import { BUILT_IN_TARGETS } from '../../src/targets/index.ts';
import { findTarget } from './contract/judged-target.ts';
import { Judging } from './contract/judging.ts';
import { Matrix } from './contract/matrix.ts';
import { Turns } from './contract/turns.ts';
import { contractSuite } from './contract-suite.ts';

/** Most cases wait, for a broker or for time to pass: so many targets at a time keep two processors busy. */
const TARGETS_AT_A_TIME = 4;

const isRequired = process.env['MQBENCH_LIVE'] === 'require';
const only = process.env['MQBENCH_TARGET']?.split(',');
const running = await runningBrokers();
const matrix = new Matrix();
const turns = new Turns();

describe('driver contracts', { concurrency: TARGETS_AT_A_TIME }, () => {
  for (const { name } of BUILT_IN_TARGETS) {
    if (only !== undefined && !only.includes(name)) continue;
    const found = findTarget(name, running);
    if ('missing' in found) unavailable(name, found.missing);
    else contractSuite({ target: name, judging: new Judging(name, running), turns, matrix });
  }
});

after(async () => {
  process.stdout.write(`\n${matrix.toString()}\n\n`);
  const page = process.env['MQBENCH_MATRIX'];
  if (page !== undefined) await writeFile(page, matrix.toMarkdown());
});

function unavailable(name: string, reason: string): void {
  test(`driver contract: ${name}`, (t) => {
    if (isRequired) throw new Error(`${name} is required (MQBENCH_LIVE=require): ${reason}`);
    t.skip(reason);
  });
}
