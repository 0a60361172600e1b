import { expired, placeOf, type Matrix } from '../matrix.ts';
import { sentence } from './sensitivity.ts';

/** The matrix as plain data, for other tools. @param today ISO date, which tells what evidence is too old */
export function matrixJson(matrix: Matrix, today: string): unknown {
  const { decision, criteria, options, ranking, acceptability, breakEvens } = matrix;
  return {
    schema: 'mqbench/decision@1',
    title: decision.title,
    question: decision.question,
    sentence: sentence(matrix),
    ranking,
    criteria: criteria.map(({ id, title, within, unit, weight, scale }) => ({
      id,
      title,
      within,
      unit,
      weight,
      scale,
    })),
    options: options.map(({ id, title, total, range, worths, cells, vetoes, dominatedBy }) => ({
      id,
      title,
      rank: placeOf(matrix, id) ?? null,
      total,
      range,
      vetoedBy: vetoes.map(({ criterion, passing }) => ({ criterion: criteria[criterion]?.id, passing })),
      dominatedBy,
      scores: cells.map((cell, index) => ({ criterion: criteria[index]?.id, worth: worths[index], ...cell })),
    })),
    acceptability: { options: ranking, ...acceptability },
    breakEvens,
    costs: matrix.costs,
    expired: expired(matrix, today),
    sensitivity: { concentration: decision.concentration, draws: decision.draws, seed: decision.seed },
  };
}
