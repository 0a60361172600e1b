import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { appraiseAdr, draftAdr, findAdr, readAdrs, renderAdr, type AdrFinding } from '../../src/adr/index.ts';
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

type Draft = Parameters<typeof draftAdr>[0];

/** Of the project in that folder. */
function draft(path: string, changes: Partial<Draft>): Draft {
  return {
    title: 'Again',
    directory: join(path, 'adr'),
    decision: join(path, 'decision.yaml'),
    results: [join(path, 'results')],
    chosen: undefined,
    supersedes: undefined,
    today: TODAY,
    ...changes,
  };
}

/** Without a matrix. */
function bare(path: string, changes: Partial<Draft> = {}): Draft {
  return draft(path, { decision: undefined, results: [], ...changes });
}

async function project(): Promise<AsyncDisposable & { readonly path: string; readonly adr: string }> {
  const folder = await folderOf({ 'decision.yaml': DECISION, 'adr/0001-first.md': '# First\n' });
  await writeResult(folder.path, { kafka: 4, rabbitmq: 20 });
  const adr = await draftAdr(draft(folder.path, { title: 'Message broker' }));
  return { path: folder.path, adr, [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose]() };
}

async function appraise(adr: string, today = TODAY): Promise<AdrFinding> {
  const finding = await appraiseIn(adr, today);
  assert.ok(finding !== undefined);
  return finding;
}

/** undefined where it is history */
async function appraiseIn(adr: string, today = TODAY): Promise<AdrFinding | undefined> {
  return appraiseAdr(await findAdr(adr, ''), (await readAdrs(dirname(adr))).adrs, today);
}

async function renderIn(adr: string, options: Parameters<typeof renderAdr>[2]): ReturnType<typeof renderAdr> {
  return renderAdr(await findAdr(adr, ''), (await readAdrs(dirname(adr))).adrs, options);
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
  await assert.rejects(appraiseAdr(adr, [adr], TODAY), refusal);
  await assert.rejects(renderAdr(adr, [adr], { amend: 'refuse', today: TODAY }), refusal);
  await edit(made.adr, 'status: acepted', 'status: [accepted]');
  const list = await findAdr(made.adr, '');
  await assert.rejects(renderAdr(list, [list], { amend: 'refuse', today: TODAY }), /unknown status/);
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

test('what is superseded is history once the other is accepted, and is not superseded twice', async () => {
  await using made = await project();
  await edit(made.adr, 'status: proposed', 'status: accepted');
  await writeResult(made.path, { kafka: 60, rabbitmq: 2 });
  const next = await draftAdr(draft(made.path, { supersedes: 2 }));
  const { state, reasons } = await appraise(made.adr);
  assert.equal(state, 'flipped');
  assert.equal(
    reasons[1],
    'it holds until another is accepted: ADR-0003, which is to supersede it, is proposed',
  );
  await edit(next, 'status: proposed', 'status: accepted');
  assert.equal(await appraiseIn(made.adr), undefined);
  await assert.rejects(draftAdr(bare(made.path, { supersedes: 2 })), {
    exitCode: 2,
    message: /is superseded by ADR-0003 already$/,
  });
});

test('one that is to be superseded was accepted, and is not rewritten; once it is history it is not rendered at all', async () => {
  await using made = await project();
  await edit(made.adr, 'status: proposed', 'status: accepted');
  const next = await draftAdr(draft(made.path, { supersedes: 2 }));
  await writeResult(made.path, { kafka: 60, rabbitmq: 2 });
  await assert.rejects(renderIn(made.adr, { amend: 'amend', today: TODAY }), {
    exitCode: 2,
    message: /is accepted, and its choice no longer stands/,
  });
  await edit(next, 'status: proposed', 'status: accepted');
  await assert.rejects(
    renderIn(made.adr, { amend: 'amend', today: TODAY }),
    /is history, and stays as it is$/,
  );
});

test('one whose successor was rejected is superseded again, and a rejected one is not', async () => {
  await using made = await project();
  await edit(made.adr, 'status: proposed', 'status: accepted');
  const next = await draftAdr(draft(made.path, { supersedes: 2 }));
  await assert.rejects(draftAdr(bare(made.path, { supersedes: 2 })), {
    hint: `accept or reject ${next} first`,
  });
  await edit(next, 'status: proposed', 'status: rejected');
  await assert.rejects(draftAdr(bare(made.path, { supersedes: 3 })), /is rejected already$/);
  await draftAdr(bare(made.path, { supersedes: 2 }));
  assert.equal((await findAdr('2', join(made.path, 'adr'))).heading.status, 'superseded by ADR-0004');
});

test('a proposed one whose choice flipped is rendered, and says so', async () => {
  await using made = await project();
  await writeResult(made.path, { kafka: 60, rabbitmq: 2 });
  const { flip } = await renderIn(made.adr, { amend: 'refuse', today: TODAY });
  assert.match(flip ?? '', /^it chose Apache Kafka .* and RabbitMQ is first/);
});

test('what no ADR of the folder can have superseded is tampered with', async () => {
  await using made = await project();
  let before = 'status: proposed';
  for (const [status, reason] of [
    ['superseded', /^it says that it was superseded, and not by which ADR/],
    ['superseded by ADR-0009', /^it was superseded by ADR-0009, which is not in its folder$/],
    ['superseded by ADR-0002', /^Message broker superseded itself in the end$/],
  ] as const) {
    await edit(made.adr, before, `status: ${status}`);
    before = `status: ${status}`;
    const { state, reasons } = await appraise(made.adr);
    assert.equal(state, 'tampered');
    assert.match(reasons[0] ?? '', reason);
  }
});

test('of options that are equal one has to be chosen, and no other can be', async () => {
  await using made = await project();
  await edit(join(made.path, 'decision.yaml'), 'judged: 4', 'judged: 3');
  await writeResult(made.path, { kafka: 4, rabbitmq: 4 });
  await assert.rejects(draftAdr(draft(made.path, {})), {
    code: 'adr.undecided',
    message: /kafka and rabbitmq are equal, with 0\.\d{3} of 1$/,
    hint: 'say which it is: --chosen kafka',
  });
  const adr = await draftAdr(draft(made.path, { chosen: 'rabbitmq' }));
  assert.match(await readFile(adr, 'utf8'), /^Chosen option: "RabbitMQ", because/m);
  assert.match(await readFile(adr, 'utf8'), /^\| \*\*rank\*\* \| {2}\| {2}\| 1 \| 1 \|$/m);
  assert.equal((await appraise(adr)).state, 'current');
  await writeResult(made.path, { kafka: 4, rabbitmq: 5 });
  await assert.rejects(draftAdr(draft(made.path, { chosen: 'rabbitmq' })), /rabbitmq is not first, so that/);
  await assert.rejects(draftAdr(draft(made.path, { chosen: 'rabitmq' })), /did you mean "?rabbitmq"?/);
});

test('a text that contradicts the choice is not rendered', async () => {
  await using made = await project();
  await edit(made.adr, 'Chosen option: "Apache Kafka"', 'Chosen option: "RabbitMQ"');
  await assert.rejects(renderIn(made.adr, { amend: 'refuse', today: TODAY }), {
    exitCode: 2,
    message: /says that RabbitMQ was chosen, and its front matter kafka$/,
  });
});

test('a folder with ADRs that are no text, no YAML, or two of a number, tells of each and reads the others', async () => {
  await using made = await project();
  const inFolder = (name: string): string => join(made.path, 'adr', name);
  await writeFile(inFolder('0003-binary.md'), Buffer.from([0xff, 0xfe, 0x00]));
  await writeFile(inFolder('0004-twice.md'), '---\nstatus: accepted\nstatus: rejected\n---\n# Twice\n');
  await writeFile(inFolder('0001-second.md'), '# Second\n');
  const { adrs, unreadable, doubles } = await readAdrs(join(made.path, 'adr'));
  assert.deepEqual(
    adrs.map(({ heading }) => heading.title),
    ['First', 'Second', 'Message broker'],
  );
  const [binary, twice] = unreadable.map(({ error }) => error.message);
  assert.match(binary ?? '', /0003-binary\.md:1:1: not a text file/);
  assert.match(twice ?? '', /0004-twice\.md:3: its front matter is no YAML: Map keys must be unique/);
  assert.deepEqual(doubles, [[1, [inFolder('0001-first.md'), inFolder('0001-second.md')]]]);
  await assert.rejects(findAdr('1', join(made.path, 'adr')), {
    exitCode: 2,
    message: /^0001 is the number of /,
  });
});

test('a title is one line, and its file has its letters without their accents', async () => {
  await using made = await project();
  for (const title of [' ', 'two\nlines', 'a <!-- mqbench:begin matrix --> in it'])
    await assert.rejects(draftAdr(bare(made.path, { title })), { code: 'adr.title', exitCode: 2 });
  const path = await draftAdr(bare(made.path, { title: 'Café zu groß' }));
  assert.ok(path.endsWith('0003-cafe-zu-gross.md'), path);
});

test('results without a decision are refused', async () => {
  await using made = await project();
  const drafted = draftAdr(bare(made.path, { results: ['results'] }));
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
  await assert.rejects(renderAdr(adr, [adr], { amend: 'refuse', today: TODAY }), {
    exitCode: 2,
    message: /is accepted$/,
  });
  const { text: renewed } = await renderAdr(adr, [adr], { amend: 'amend', today: '2025-02-01' });
  assert.match(renewed, /^\* Amended 2025-02-01: its numbers were renewed; the choice stands\.$/m);
  assert.match(renewed, /^date: 2025-02-01$/m);
  await writeFile(made.adr, renewed);
  assert.equal((await appraise(made.adr)).state, 'current');
});

test('an accepted ADR whose choice flipped is superseded, never rewritten', async () => {
  await using made = await project();
  await edit(made.adr, 'status: proposed', 'status: accepted');
  await writeResult(made.path, { kafka: 60, rabbitmq: 2 });
  await assert.rejects(renderIn(made.adr, { amend: 'amend', today: TODAY }), {
    exitCode: 2,
    hint: 'an accepted ADR is not rewritten: mqbench adr new "…" --supersedes 0002',
  });
  const next = await draftAdr(draft(made.path, { title: 'Message broker, again', supersedes: 2 }));
  assert.match(await readFile(next, 'utf8'), /^Supersedes \[Message broker\]\(0002-message-broker\.md\)\.$/m);
  const before = await findAdr('2', join(made.path, 'adr'));
  assert.equal(before.heading.status, 'superseded by ADR-0003');
});
