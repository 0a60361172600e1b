import { weigh } from '../src/decision/matrix.ts';
import { parseDecision } from '../src/decision/decision-reader.ts';
import { gatherEvidence } from '../src/decision/evidence.ts';
import { Random } from '../src/stats/index.ts';
import { besideYardstick } from './loops/in-turns.ts';

/**
 * How long a large decision takes: 8 options, 30 criteria, every score uncertain, 100,000 draws in three regimes; against
 * the bare drawing of as many random numbers, in alternating order.
 *
 *   node bench/decide.ts
 */
const OPTIONS = 8;
const CRITERIA = 30;
const DRAWS = 100_000;
const ROUNDS = 7;

const decision = parseDecision(largeDecision(), 'large.yaml');
const evidence = gatherEvidence(decision, [], undefined);

const beside = besideYardstick(
  () => void weigh(decision, evidence),
  { name: 'drawing alone', act: drawOnly },
  ROUNDS,
);
process.stdout.write(
  `${OPTIONS} options, ${CRITERIA} criteria, ${DRAWS.toLocaleString('en-US')} draws: ${beside}\n`,
);

/** As many random numbers as the values and the weights of one regime take. */
function drawOnly(): void {
  const random = new Random(1, 'bench');
  for (let draw = 0; draw < DRAWS; draw++) {
    for (let value = 0; value < OPTIONS * CRITERIA; value++) random.next();
    for (let criterion = 0; criterion < CRITERIA; criterion++) random.exponential();
  }
}

function largeDecision(): string {
  const random = new Random(1, 'decision');
  const options = Array.from({ length: OPTIONS }, (_, option) => `  o${option}: { title: Option ${option} }`);
  const criteria = Array.from({ length: CRITERIA }, (_, criterion) => {
    const scores = Array.from({ length: OPTIONS }, (_, option) => {
      const judged = 1 + random.below(5);
      const [low, high] = [Math.max(1, judged - 1), Math.min(5, judged + 1)];
      return `      o${option}: { judged: ${judged}, low: ${low}, high: ${high}, by: us, on: 2026-11-26, reason: drawn }`;
    });
    return [
      `  c${criterion}:`,
      `    title: Criterion ${criterion}`,
      `    swing: ${criterion === 0 ? 100 : 1 + random.below(100)}`,
      '    scale: { anchors: { 1: a, 2: b, 3: c, 4: d, 5: e } }',
      '    scores:',
      ...scores,
    ].join('\n');
  });
  return `title: Large\nquestion: Which?\noptions:\n${options.join('\n')}\ncriteria:\n${criteria.join('\n')}\nsensitivity: { draws: ${DRAWS} }\n`;
}
