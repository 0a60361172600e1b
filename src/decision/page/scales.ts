import type { Criterion, Scale } from '../decision.ts';
import { formatFigure } from './figures.ts';

/** What is worth 0 and 1, which a weight is the weight of: `100 to 1 ms, log`. */
export function rangeText({ scale, unit }: Pick<Criterion, 'scale' | 'unit'>): string {
  const of = unit === null ? '' : ` ${unit}`;
  switch (scale.kind) {
    case 'linear':
    case 'log': {
      const ends = `${formatFigure(scale.worst)} to ${formatFigure(scale.best)}${of}`;
      return scale.kind === 'log' ? `${ends}, log` : ends;
    }
    case 'piecewise':
      return scale.points.map(([raw, value]) => `${formatFigure(raw)}${of} = ${value}`).join(', ');
    case 'step':
      return [
        `${scale.below}`,
        ...scale.steps.map(([raw, value]) => `${value} from ${formatFigure(raw)}${of}`),
      ].join(', ');
    case 'categorical':
      return Object.entries(scale.values)
        .toSorted(([, a], [, b]) => a - b)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', ');
  }
}

/** What each point of a judged scale means; none of another scale. */
export function anchorLines({
  title,
  scale,
}: {
  readonly title: string;
  readonly scale: Scale;
}): readonly string[] {
  if (scale.anchors === undefined) return [];
  const anchors = Object.entries(scale.anchors).map(([point, meaning]) => `${point}: ${meaning}`);
  return [`${title}: ${anchors.join('; ')}`];
}
