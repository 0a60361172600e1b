export { gamma, standardNormal, triangular } from './distributions.ts';
export { mserCut } from './mser.ts';
export { Random } from './random.ts';
export { median, theilSenSlope } from './trend.ts';
