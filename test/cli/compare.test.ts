import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Project } from './fixtures/project.ts';

const REFERENCE = fileURLToPath(new URL('../../results/reference', import.meta.url));
const FLUSHED = join(REFERENCE, 'flash-sale-fsynced');
/** The same a day later, as another campaign. */
const LATER = {
  'later/result.json': JSON.stringify({
    ...(JSON.parse(readFileSync(join(FLUSHED, 'result.json'), 'utf8')) as object),
    id: 'later',
    startedAt: '2026-12-01T00:00:00.000Z',
  }),
};
const PLAIN = join(REFERENCE, 'flash-sale');

describe('mqbench compare', () => {
  it('of a campaign with itself says nothing: exit code 2', async () => {
    await using project = await Project.with({});
    const { exitCode, stderr } = await project.mqbench('compare', FLUSHED, FLUSHED);
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: both sides are \S+-flash-sale\n {2}mqbench ab <scenario> --aa /);
  });

  it('with one like it: three trials show nothing of five rows, which is said and passes nothing: exit code 4', async () => {
    await using project = await Project.with(LATER);
    const { exitCode, stdout, stderr } = await project.mqbench('compare', FLUSHED, 'later');
    assert.equal(exitCode, 4, stderr);
    assert.match(
      stdout,
      /^inconclusive: flash-sale on kafka, endToEnd\.p99: 3 against 3 trials cannot show anything of 5 gated rows: 5 of each are needed$/m,
    );
    assert.match(stdout, /^Undecided: of 5 gated rows, 5 inconclusive$/m);
  });

  it('with other settings: not comparable with the setting, and a target that vanished fails', async () => {
    await using project = await Project.with({});
    const { exitCode, stdout } = await project.mqbench('compare', PLAIN, FLUSHED);
    assert.equal(exitCode, 1);
    assert.match(stdout, /^vanished: flash-sale on nats: /m);
    assert.match(stdout, /another contract: asked leader-acked, then fsynced-acked; .*flush\.messages/);
  });

  it('by a policy that fails what is inconclusive: exit code 4, with what the policy can find', async () => {
    const policy =
      'gates: [{ metric: endToEnd.p99, phase: sale, tolerance: 20%, targets: [kafka] }]\ninconclusive: fail\n';
    await using project = await Project.with({ 'policy.yaml': policy, ...LATER });
    const { exitCode, stdout, stderr } = await project.mqbench('compare', FLUSHED, 'later');
    assert.equal(exitCode, 4);
    assert.match(stdout, /^Undecided: of 1 gated row, 1 inconclusive$/m);
    assert.match(stderr, /^policy: policy\.yaml$/m, 'taken where there is one');
  });

  it('writes what other tools read', async () => {
    await using project = await Project.with(LATER);
    const files = [
      '--markdown',
      'c.md',
      '--junit',
      'c.xml',
      '--bmf',
      'c.json',
      '--benchmark-action',
      'gab',
      '--benchstat',
      'go',
    ];
    const { exitCode, stderr } = await project.mqbench('compare', FLUSHED, 'later', ...files);
    assert.equal(exitCode, 4, stderr);
    const text = async (name: string): Promise<string> => readFile(join(project.path, name), 'utf8');
    assert.match(await text('c.md'), /^<!-- mqbench:compare -->\n\n### Undecided: /);
    assert.match(
      await text('c.xml'),
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites .* tests="5" failures="0" errors="0" time="0">\n.* skipped="5">/,
    );
    const bmf = JSON.parse(await text('c.json')) as Record<
      string,
      Record<string, { value: number; lower_value: number; upper_value: number }>
    >;
    const {
      value = 0,
      lower_value = 0,
      upper_value = 0,
    } = bmf['flash-sale/rabbitmq']?.['end-to-end-p99'] ?? {};
    assert.ok(lower_value < value && value < upper_value, JSON.stringify(bmf['flash-sale/rabbitmq']));
    const smaller = JSON.parse(await text('gab-smaller.json')) as {
      name: string;
      unit: string;
      value: number;
      range: string;
    }[];
    assert.ok(smaller.some(({ name, unit }) => name === 'flash-sale/kafka/endToEnd.p99' && unit === 'us'));
    assert.ok(
      (JSON.parse(await text('gab-bigger.json')) as { name: string }[]).some(({ name }) =>
        name.endsWith('delivered.rate'),
      ),
    );
    assert.match(
      await text('go-current.txt'),
      /^BenchmarkFlashSale\/target=kafka 1 \d+(\.\d+)? endToEnd-p99-us$/m,
    );
  });

  for (const [what, content, said] of [
    ['that was cut off', '{"schema": "mqbench/result@1", "id', /not JSON/],
    ['of a newer schema', '{"schema": "mqbench/result@2"}', /not a result of this version of mqbench/],
  ] as const) {
    it(`refuses a result ${what}: exit code 2`, async () => {
      await using project = await Project.with({ 'result.json': content });
      const { exitCode, stderr } = await project.mqbench('compare', 'result.json', FLUSHED);
      assert.equal(exitCode, 2);
      assert.match(stderr, said);
    });
  }

  it('that cannot write what is asked for exits with 3, and with 1 where something is worse', async () => {
    await using project = await Project.with(LATER);
    const unwritable = ['--markdown', 'nowhere/c.md'];
    const open = await project.mqbench('compare', FLUSHED, 'later', ...unwritable);
    assert.equal(open.exitCode, 3);
    const worse = await project.mqbench('compare', PLAIN, FLUSHED, ...unwritable);
    assert.equal(worse.exitCode, 1);
    assert.match(worse.stderr, /^error: cannot write nowhere\/c\.md: /m);
  });

  it('by a gate on what nobody knows: exit code 2, with what was meant', async () => {
    const policy =
      'gates: [{ metric: endToEnd.p99, tolerance: 20%, targets: [kafkka], scenarios: [flash-sale] }]\n';
    await using project = await Project.with({ 'policy.yaml': policy, ...LATER });
    const { exitCode, stderr } = await project.mqbench('compare', FLUSHED, 'later');
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /^error: a gate on endToEnd\.p99 is about the target "kafkka", which there is not; did you mean "kafka"\?$/m,
    );
  });
});
