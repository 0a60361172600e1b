import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Project } from './fixtures/project.ts';
import { SHORTEST } from './fixtures/scenarios.ts';

const EVENTS = SHORTEST.replace('workload: stream', 'workload: event-sourcing')
  .replace('size: 1KiB', 'size: 256B, keys: { count: 20 }')
  .concat('  - replay.differing == 0\n  - replay.missing == 0\n  - replay.events > 100\n');

describe('mqbench run of event sourcing', () => {
  it('given a target that keeps a log and one that does not, replays the one and refuses the other with the reason', async () => {
    await using project = await Project.with({ 'events.yaml': EVENTS });

    const { exitCode, stdout } = await project.mqbench('run', 'events.yaml', '--target', 'memory,sqs');

    assert.equal(exitCode, 3, stdout);
    assert.match(
      stdout,
      /^memory: projection lag .*; replay of \d+ events in .*; all 20 aggregates are the same; 0 ack/m,
    );
    assert.match(
      stdout,
      /^not run: events on sqs: workload event-sourcing refused: not expressible: a queue of /m,
    );
    const { result } = await project.campaign();
    const [trial] = result.trials;
    assert.deepEqual(
      trial?.checks.map(({ passed }) => passed),
      [true, true, true, true],
    );
    assert.equal(trial?.eventSourcing?.replay?.events, trial?.ledger.acknowledged);
  });

  it('given no target that keeps a log, exits 3 and says what to use instead', async () => {
    await using project = await Project.with({ 'events.yaml': EVENTS });

    const { exitCode, stderr } = await project.mqbench('run', 'events.yaml', '--target', 'sqs,sns');

    assert.equal(exitCode, 3);
    assert.match(
      stderr,
      /^error: sqs: workload event-sourcing refused: not expressible: .*forgets what is settled/m,
    );
    assert.match(stderr, /^sns: workload event-sourcing refused/m);
    assert.match(stderr, /use a target that keeps a log/);
  });

  it('given a broker that swaps events, exits 1 and names an aggregate that differs', async () => {
    await using project = await Project.with({
      'events.yaml': EVENTS,
      'mqbench.yaml': 'targets: { unruly: { driver: memory, faults: { reorder: 0.2 } } }',
    });

    const { exitCode, stdout } = await project.mqbench('run', 'events.yaml');

    assert.equal(exitCode, 1);
    assert.match(
      stdout,
      /^unruly: incorrect: \d+ of 20 aggregates differ between the projection and the log \(key \d+: /m,
    );
    assert.match(stdout, /^check failed: unruly: replay\.differing == 0: is \d+, off by \d+$/m);
  });
});
