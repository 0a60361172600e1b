import { markdownTable } from '../../report/index.ts';
import { BLEMISHES, type Blemish } from '../decision.ts';
import { isOut, placeOf, titleOf, type Matrix, type WeighedOption } from '../matrix.ts';
import { vetoText } from '../veto.ts';
import { formatCell, formatFigure, formatShare, formatTotal, formatWorth } from './figures.ts';
import { bullets } from './bullets.ts';
import { anchorLines, rangeText } from './scales.ts';

/** What each option has by each criterion, in its unit. */
export function rawTable({ criteria, options }: Matrix): readonly string[] {
  const rows = criteria.map((criterion, index) => [
    [...criterion.within, criterion.title].join(': '),
    criterion.unit ?? '',
    ...options.map((option) => {
      const cell = option.cells[index];
      if (cell === undefined) return '';
      const vetoed = option.vetoes.some((veto) => veto.criterion === index && veto.passing === 0);
      return [
        vetoed ? `**${formatCell(cell)}**` : formatCell(cell),
        ...cell.notes.map((note) => MARKS[note]),
      ].join(' ');
    }),
  ]);
  const notes = new Set(options.flatMap(({ cells }) => cells.flatMap((cell) => cell.notes)));
  return [
    ...markdownTable(['criterion', 'unit', ...options.map(heading)], rows),
    '',
    ...bullets([
      'a measured score is the median of its trials unless the evidence says otherwise, with their range in brackets; of a capacity, what fits and what is too much; of a judgement, what it is at least and at most',
      ...BLEMISHES.filter((note) => notes.has(note)).map((note) => `${MARKS[note]} ${MEANING[note]}`),
      ...(options.some(({ cells }) => cells.some(({ raw }) => raw === null))
        ? ['? nobody knows: taken for the middle of the scale in the total, and for anything in the draws']
        : []),
      ...criteria.flatMap(anchorLines),
    ]),
  ];
}

/** What that is worth, and what it comes to. */
export function valueTable(matrix: Matrix): readonly string[] {
  const { criteria, options } = matrix;
  const rows = criteria.map((criterion, index) => [
    [...criterion.within, criterion.title].join(': '),
    rangeText(criterion),
    formatShare(criterion.weight),
    ...options.map(({ worths }) => formatWorth(worths[index] ?? null)),
  ]);
  const last = [
    ['**total**', '', '100 %', ...options.map(totalText)],
    ['**rank**', '', '', ...options.map(({ id }) => String(placeOf(matrix, id) ?? 'out'))],
  ];
  const reasons = options.flatMap((option) => [
    ...reasonsAgainst(option, matrix),
    ...beyondTheScale(option, matrix),
  ]);
  return [
    ...markdownTable(['criterion', 'worst to best', 'weight', ...options.map(heading)], [...rows, ...last]),
    ...(reasons.length === 0 ? [] : ['', ...bullets(reasons)]),
  ];
}

/** Struck through where it is out, or can never be first. */
function heading(option: WeighedOption): string {
  return isOut(option) || option.dominatedBy.length > 0 ? `~~${option.title}~~` : option.title;
}

function totalText({ total, range: [low, high] }: WeighedOption): string {
  return low === high
    ? `**${formatTotal(total)}**`
    : `**${formatTotal(total)}** (${formatTotal(low)}-${formatTotal(high)})`;
}

function reasonsAgainst(option: WeighedOption, matrix: Matrix): readonly string[] {
  const { criteria } = matrix;
  const vetoes = option.vetoes.flatMap(({ criterion: index, passing }) => {
    const [criterion, cell] = [criteria[index], option.cells[index]];
    if (criterion?.veto === undefined || cell === undefined) return [];
    const what = `${criterion.title} is ${[formatCell(cell), criterion.unit ?? ''].join(' ').trim()}, and has to be ${vetoText(criterion.veto)}`;
    return [
      passing === 0
        ? `~~${option.title}~~ is out: ${what}`
        : `${option.title} may be out: ${what}; ${formatShare(passing)} of its trials are`,
    ];
  });
  const titles = option.dominatedBy.map((id) => titleOf(matrix, id));
  const dominated =
    titles.length === 0
      ? []
      : [
          `~~${option.title}~~ is dominated by ${titles.join(' and ')}: nowhere better and somewhere worse, so that no weights put it first`,
        ];
  return [...vetoes, ...dominated];
}

/** Of raw scores that are worth no more, or no less, than the end of their scale. */
function beyondTheScale({ title, cells }: WeighedOption, { criteria }: Matrix): readonly string[] {
  return criteria.flatMap(({ title: criterion, scale, unit }, index) => {
    const cell = cells[index];
    if ((scale.kind !== 'linear' && scale.kind !== 'log') || typeof cell?.raw !== 'number') return [];
    const [low, high] = [Math.min(scale.worst, scale.best), Math.max(scale.worst, scale.best)];
    if (cell.raw >= low && cell.raw <= high) return [];
    const end = cell.raw < low ? low : high;
    return [
      `${title}, ${criterion}: ${formatCell(cell)} is beyond the scale, and counts as ${[formatFigure(end), unit ?? ''].join(' ').trim()}`,
    ];
  });
}

const MARKS: Readonly<Record<Blemish, string>> = {
  emulated: '\\*',
  'one-host': '‡',
  'exceeding-contract': '†',
  'other-host': '¶',
  unordered: '§',
};

const MEANING: Readonly<Record<Blemish, string>> = {
  emulated: 'measured on an emulator',
  'one-host': 'all nodes on one host',
  'exceeding-contract': 'it gives more than the contract asks, and its speed pays for that',
  'other-host': 'measured on another machine',
  unordered: 'no order is promised there, so that 0 is no more than what happened',
};
