import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Project } from './fixtures/project.ts';

/** 180 events, 60 of each version. */
const UPGRADE = `workload: schema-evolution
contract: leader-acked
messages: { size: 1KiB }
topology: { subscriptions: [billing, analytics] }
schema:
  format: protobuf
  upgrade:
    producers: [{ at: 400ms, to: v2 }, { at: 800ms, to: v3 }]
    consumers: [{ at: 0s, of: analytics, to: v2 }]
load:
  arrivals: uniform
  phases:
    - { name: upgrade, rate: 150/s, for: 1.2s }
drain: { quiet: 100ms }
checks:
  - ledger.lost == 0
  - schema.defaulted == 60
  - schema.silentlyWrong == 0
`;

describe('mqbench run of events whose schema changes', () => {
  it('prints what became of each version, and fails a check that has a silently wrong one', async () => {
    await using project = await Project.with({ 'upgrade.yaml': UPGRADE });

    const { exitCode, stdout } = await project.mqbench('run', 'upgrade.yaml');

    assert.equal(exitCode, 1);
    const cells = 'v1 as v1 60 ok; v1 as v2 60 defaulted; v2 as v1 60 dropped field; v2 as v2 60 ok';
    const wrong = 'v3 as v1 60 silently wrong; v3 as v2 60 silently wrong';
    assert.ok(stdout.includes(`memory: protobuf, v3 removed-field: ${cells}; ${wrong}\n`), stdout);
    assert.match(stdout, /^memory: an event is \d+ bytes \(p50\), \d+ as sent; µs p50\/p99: encode \d/m);
    assert.match(stdout, /^memory: v3 silently wrong, the first: currency is "" instead of "[A-Z]{3}"$/m);
    assert.match(stdout, /^check failed: memory: schema.silentlyWrong == 0: is 120, off by 120$/m);
    assert.doesNotMatch(stdout, /schema.defaulted/);

    const { result } = await project.campaign();
    const report = await readFile(join(project.path, 'results', result.id, 'report.md'), 'utf8');
    assert.match(report, /^\| 1 \| memory \| v1 \| 60 ok \| 60 defaulted \|$/m);
    await project.assertNothingLeft();
  });

  it('with a registry: publishes nothing that breaks', async () => {
    const guarded = UPGRADE.replace('protobuf', 'json\n  registry: full');
    await using project = await Project.with({ 'upgrade.yaml': guarded });

    const { exitCode, stdout, stderr } = await project.mqbench('run', 'upgrade.yaml');

    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /v3 as v1 60 rejected at publish; v3 as v2 60 rejected at publish$/m);
    assert.match(
      stdout,
      /^memory: rejected at publish, the first: v3 is not full: "currency" is required by a reader of v2, and v3 need not have it$/m,
    );
    assert.doesNotMatch(stdout, /given up/);
  });
});
