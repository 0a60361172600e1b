export { bootstrappedMedian } from './bootstrap.ts';
export { detectableChange } from './detectable.ts';
export { gammas, triangular } from './distributions.ts';
export { holm } from './holm.ts';
export { mserCut } from './mser.ts';
export { Random } from './random.ts';
export { excludedDifferences, rankSumTest, smallestP } from './rank-sum.ts';
export { ratioOf } from './ratio.ts';
export { median, theilSenSlope } from './trend.ts';
