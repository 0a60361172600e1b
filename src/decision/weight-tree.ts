import type { Random } from '../stats/index.ts';
import { criteriaOf, isGroup, type Group, type Weighting } from './decision.ts';
import {
  anyWeights,
  boundedWeights,
  doubtedWeights,
  orderedWeights,
  rankOrderCentroid,
  within,
  type WeightDraw,
} from './weight-draws.ts';

/** What is taken for known of the weights: as stated with some doubt, their order alone, or nothing. */
export type Regime = 'stated' | 'order' | 'nothing';

/** The weight of each criterion, which sum to 1: its share of its group, times that of the group. */
export function statedWeights(group: Group): readonly number[] {
  const shares = sharesOf(group.weights);
  return group.members.flatMap((member, index) => {
    const share = shares[index] ?? 0;
    return isGroup(member) ? statedWeights(member).map((weight) => weight * share) : [share];
  });
}

/** The shares of a group's members, which sum to 1. */
function sharesOf(weights: Weighting): readonly number[] {
  switch (weights.kind) {
    case 'explicit':
      return weights.shares;
    case 'swing': {
      const sum = weights.swings.reduce((total, swing) => total + swing, 0);
      return weights.swings.map((swing) => swing / sum);
    }
    case 'rank': {
      const centroid = rankOrderCentroid(weights.ranks.length);
      return weights.ranks.map((rank) => centroid[rank - 1] ?? 0);
    }
    case 'between':
      return within(weights.bounds);
  }
}

/** Draws the weights of all criteria, group by group, so that a criterion split in two weighs no more. */
export function weightDraw(group: Group, regime: Regime, concentration: number): WeightDraw {
  const draw = drawOfShares(group.weights, regime, concentration);
  if (!group.members.some(isGroup)) return draw;
  const shares = new Float64Array(group.members.length);
  const parts = group.members.map((member) =>
    isGroup(member)
      ? {
          draw: weightDraw(member, regime, concentration),
          weights: new Float64Array(criteriaOf(member).length),
        }
      : undefined,
  );
  return (random: Random, into: Float64Array) => {
    draw(random, shares);
    let at = 0;
    for (let index = 0; index < parts.length; index++) {
      const share = shares[index] ?? 0;
      const part = parts[index];
      if (part === undefined) into[at++] = share;
      else {
        part.draw(random, part.weights);
        for (const weight of part.weights) into[at++] = weight * share;
      }
    }
  };
}

function drawOfShares(weights: Weighting, regime: Regime, concentration: number): WeightDraw {
  if (regime === 'nothing') return anyWeights;
  const shares = sharesOf(weights);
  if (regime === 'order') return orderedWeights(shares);
  switch (weights.kind) {
    // nothing more than these was stated
    case 'rank':
      return orderedWeights(shares);
    case 'between':
      return boundedWeights(weights.bounds);
    case 'explicit':
    case 'swing':
      return doubtedWeights(shares, concentration);
  }
}
