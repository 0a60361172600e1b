import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { estimateRequests, requireConsent } from '../../src/cli/billed-requests.ts';
import { scenarioOf } from '../run/fixtures/scenario.ts';
import { Project } from './fixtures/project.ts';
import { SHORT } from './fixtures/scenarios.ts';

const AWS = { name: 'aws', driver: 'sqs', config: { region: 'eu-west-1' } };
const EMULATED = { name: 'sqs', driver: 'sqs', config: {} };

describe('requests that are billed', () => {
  it('are sends, receives, deletes, empty receives and what sets it up', () => {
    const scenarios = [scenarioOf()];
    // 50 messages: 50 sends alone, 50 receives, 50 deletes; a poll a second in 10.1 s; 24 to set a trial up,
    // and 12 to try the target before the first
    assert.equal(estimateRequests({ scenarios, repeats: 1 }), 185 + 12);
    assert.equal(estimateRequests({ scenarios, repeats: 3 }), 3 * 185 + 12);
  });

  it('need consent where a target is AWS, with the number', () => {
    const size = { scenarios: [scenarioOf()], repeats: 1 };
    const number = estimateRequests(size).toLocaleString('en');
    assert.throws(() => requireConsent([AWS], size, 'not given'), {
      exitCode: 2,
      message: `aws is billed by request: this run makes about ${number}`,
    });
    assert.equal(requireConsent([AWS], size, 'given').length, 1);
    assert.deepEqual(requireConsent([EMULATED], size, 'not given'), []);
  });

  it('end a run with exit code 2 before anything is sent', async () => {
    await using project = await Project.with({
      'orders.yaml': SHORT,
      'mqbench.yaml': 'targets:\n  aws: { driver: sqs, region: eu-west-1 }\n',
    });
    const { exitCode, stderr } = await project.mqbench('run', 'orders.yaml', '--target', 'aws');
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /aws is billed by request: this run makes about [\d,]+\n.*--yes/);
  });
});
