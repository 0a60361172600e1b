import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { appraiseAdr, draftAdr, findAdr, renderAdr, type AdrFinding } from '../../src/adr/index.ts';
import type { TrialResult } from '../../src/result/index.ts';
import { measuredUpTo, resultOf, trialOf } from '../result/fixtures/sample.ts';
import { folderOf } from '../scenario/fixtures/folder.ts';

const DECISION = `title: Broker
question: Which one?
options:
  kafka: { title: Apache Kafka, target: kafka }
  rabbitmq: { title: RabbitMQ, target: rabbitmq }
criteria:
  p99:
    title: Latency
    weight: 60%
    unit: ms
    scale: { log: { worst: 100, best: 1 } }
    measured: { scenario: checkout, metric: endToEnd.p99 }
  effort:
    title: Effort
    weight: 40%
    scale: { anchors: { 1: a team, 2: two people, 3: one, 4: half of one, 5: nobody } }
    scores:
      kafka: { judged: 3, by: us, on: 2025-01-01, reason: we run one }
      rabbitmq: { judged: 4, by: us, on: 2025-01-01, reason: we run two }
maxAge: 180d
sensitivity: { concentration: 30, draws: 1000, seed: 1 }
`;
const TODAY = '2025-01-03';

/** p99 of each in ms; Kafka is first with these. */
async function writeResult(
  folder: string,
  p99: { readonly kafka: number; readonly rabbitmq: number },
): Promise<void> {
  const trials = Object.entries(p99).map(([target, ms]): TrialResult => {
    const server = { ...trialOf().server, product: target };
    return trialOf({ target, server, measured: measuredUpTo((ms * 1000) / 0.99) });
  });
  await mkdir(join(folder, 'results/campaign'), { recursive: true });
  const result = resultOf(trials, { scenarios: [{ name: 'checkout' }] });
  await writeFile(join(folder, 'results/campaign/result.json'), JSON.stringify(result));
}

async function project(): Promise<AsyncDisposable & { readonly path: string; readonly adr: string }> {
  const folder = await folderOf({ 'decision.yaml': DECISION, 'adr/0001-first.md': '# First\n' });
  await writeResult(folder.path, { kafka: 4, rabbitmq: 20 });
  const adr = await draftAdr({
    title: 'Message broker',
    directory: join(folder.path, 'adr'),
    decision: join(folder.path, 'decision.yaml'),
    results: [join(folder.path, 'results')],
    supersedes: undefined,
    today: TODAY,
  });
  return { path: folder.path, adr, [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose]() };
}

async function appraise(adr: string, today = TODAY): Promise<AdrFinding> {
  const finding = await appraiseAdr(await findAdr(adr, ''), today);
  assert.ok(finding !== undefined);
  return finding;
}

async function edit(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const edited = text.replace(from, to);
  assert.notEqual(edited, text);
  await writeFile(path, edited);
}

test('a new ADR has the next number, its matrix, and is current', async () => {
  await using made = await project();
  assert.ok(made.adr.endsWith('0002-message-broker.md'));
  const text = await readFile(made.adr, 'utf8');
  assert.match(text, /^Chosen option: "Apache Kafka", because/m);
  assert.match(text, /^\| Latency \| ms \| 4\.00 \| 20\.0 \|$/m);
  assert.deepEqual(await appraise(made.adr), { state: 'current', reasons: [], patch: undefined });
});

test('a changed weight makes it stale, with the difference', async () => {
  await using made = await project();
  await edit(join(made.path, 'decision.yaml'), /60%([\s\S]*)40%/, '70%$130%');
  const { state, patch } = await appraise(made.adr);
  assert.equal(state, 'stale');
  assert.match(patch ?? '', /^-\| Effort \| 1 to 5 \| 40 % \|.*/m);
  assert.match(patch ?? '', /^\+\| Effort \| 1 to 5 \| 30 % \|.*/m);
});

test('a change that means nothing leaves it current', async () => {
  await using made = await project();
  await edit(join(made.path, 'decision.yaml'), 'title: Broker\n', '# a comment\n\ntitle:   Broker\n');
  assert.equal((await appraise(made.adr)).state, 'current');
});

test('a cell that was edited by hand makes it tampered with, whatever else changed', async () => {
  await using made = await project();
  await edit(made.adr, '| Latency | ms | 4.00 |', '| Latency | ms | 1.00 |');
  await edit(join(made.path, 'decision.yaml'), /60%([\s\S]*)40%/, '70%$130%');
  const { state, reasons } = await appraise(made.adr);
  assert.equal(state, 'tampered');
  assert.match(reasons[0] ?? '', /^the region scores in line \d+ was edited by hand$/);
});

test('a text that names another option than its front matter is tampered with', async () => {
  await using made = await project();
  let before = 'Chosen option: "Apache Kafka"';
  for (const other of ['Chosen option: "RabbitMQ"', '**Chosen option:** RabbitMQ', 'We chose **RabbitMQ**']) {
    await edit(made.adr, before, other);
    before = other;
    const { state, reasons } = await appraise(made.adr);
    assert.equal(state, 'tampered');
    assert.match(reasons[0] ?? '', /^line \d+ says that RabbitMQ was chosen, and its front matter kafka$/);
  }
});

test('without its matrix, or without its front matter, it is tampered with', async () => {
  await using made = await project();
  await edit(
    made.adr,
    /<!-- mqbench:begin matrix[\s\S]*<!-- mqbench:end matrix.*/,
    'The totals speak for Kafka.',
  );
  const { state, reasons } = await appraise(made.adr);
  assert.deepEqual([state, reasons], ['tampered', ['what mqbench had written is gone: matrix']]);
  await edit(made.adr, /^---[\s\S]*?\n---\n/, '');
  assert.match((await appraise(made.adr)).reasons[0] ?? '', /its front matter names no decision file$/);
});

test('a status that is none is refused: the ADR may be an accepted one', async () => {
  await using made = await project();
  await edit(made.adr, 'status: proposed', 'status: acepted');
  const adr = await findAdr(made.adr, '');
  const refusal = /unknown status "acepted".*did you mean "?accepted"?/;
  await assert.rejects(appraiseAdr(adr, TODAY), refusal);
  await assert.rejects(renderAdr(adr, { amend: 'refuse', today: TODAY }), refusal);
  await edit(made.adr, 'status: acepted', 'status: [accepted]');
  const list = await findAdr(made.adr, '');
  await assert.rejects(renderAdr(list, { amend: 'refuse', today: TODAY }), /unknown status/);
});

test("text beside the regions is nobody else's business", async () => {
  await using made = await project();
  await edit(made.adr, '* Good, because …', '* Good, because order is kept.');
  assert.equal((await appraise(made.adr)).state, 'current');
});

test('a result that puts another option first makes it flipped', async () => {
  await using made = await project();
  await writeResult(made.path, { kafka: 60, rabbitmq: 2 });
  const { state, reasons } = await appraise(made.adr);
  assert.equal(state, 'flipped');
  assert.match(reasons[0] ?? '', /^it chose Apache Kafka \(0\.\d{3}\), and RabbitMQ is first \(0\.\d{3}\)$/);
});

test('one whose parts were deleted is tampered with', async () => {
  await using made = await project();
  await edit(made.adr, /<!-- mqbench:begin[\s\S]*mqbench:end evidence.*\n/, '');
  assert.equal((await appraise(made.adr)).state, 'tampered');
});

test('what is superseded is history, and is not superseded twice', async () => {
  await using made = await project();
  await writeResult(made.path, { kafka: 60, rabbitmq: 2 });
  await edit(made.adr, 'status: proposed', 'status: superseded by ADR-0003');
  assert.equal(await appraiseAdr(await findAdr(made.adr, ''), TODAY), undefined);
  const again = draftAdr({
    title: 'Again',
    directory: join(made.path, 'adr'),
    decision: undefined,
    results: [],
    supersedes: 2,
    today: TODAY,
  });
  await assert.rejects(again, { exitCode: 2, message: /is superseded by adr-0003 already$/ });
});

test('results without a decision are refused', async () => {
  await using made = await project();
  const drafted = draftAdr({
    title: 'Again',
    directory: join(made.path, 'adr'),
    decision: undefined,
    results: ['results'],
    supersedes: undefined,
    today: TODAY,
  });
  await assert.rejects(drafted, { exitCode: 2, message: /^results are what a decision file is weighed by/ });
});

test('evidence that is too old makes it expired', async () => {
  await using made = await project();
  assert.equal((await appraise(made.adr, '2025-06-01')).state, 'current');
  const { state, reasons } = await appraise(made.adr, '2025-07-01');
  assert.equal(state, 'expired');
  assert.deepEqual(reasons, [
    'Apache Kafka, Effort: of 2025-01-01, older than 180 days',
    'RabbitMQ, Effort: of 2025-01-01, older than 180 days',
  ]);
});

test('an accepted ADR is renewed only on purpose, and says so', async () => {
  await using made = await project();
  await edit(made.adr, 'status: proposed', 'status: accepted');
  await edit(join(made.path, 'decision.yaml'), /60%([\s\S]*)40%/, '70%$130%');
  const adr = await findAdr(made.adr, '');
  await assert.rejects(renderAdr(adr, { amend: 'refuse', today: TODAY }), {
    exitCode: 2,
    message: /is accepted$/,
  });
  const renewed = await renderAdr(adr, { amend: 'amend', today: '2025-02-01' });
  assert.match(renewed, /^\* Amended 2025-02-01: its numbers were renewed; the choice stands\.$/m);
  assert.match(renewed, /^date: 2025-02-01$/m);
  await writeFile(made.adr, renewed);
  assert.equal((await appraise(made.adr)).state, 'current');
});

test('an accepted ADR whose choice flipped is superseded, never rewritten', async () => {
  await using made = await project();
  await edit(made.adr, 'status: proposed', 'status: accepted');
  await writeResult(made.path, { kafka: 60, rabbitmq: 2 });
  await assert.rejects(renderAdr(await findAdr(made.adr, ''), { amend: 'amend', today: TODAY }), {
    exitCode: 2,
    hint: 'an accepted ADR is not rewritten: mqbench adr new "…" --supersedes 0002',
  });
  const next = await draftAdr({
    title: 'Message broker, again',
    directory: join(made.path, 'adr'),
    decision: join(made.path, 'decision.yaml'),
    results: [join(made.path, 'results')],
    supersedes: 2,
    today: TODAY,
  });
  assert.match(await readFile(next, 'utf8'), /^Supersedes \[Message broker\]\(0002-message-broker\.md\)\.$/m);
  const before = await findAdr('2', join(made.path, 'adr'));
  assert.equal(before.heading.status, 'superseded by adr-0003');
});
