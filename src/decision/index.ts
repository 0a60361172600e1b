export { pricesSchema, readPriceContents } from './cost/prices.ts';
export { decide, type DecisionSources } from './decide.ts';
export { readContents } from './decision-reader.ts';
export { leadersOf, type Matrix, type WeighedOption } from './matrix.ts';
export { decisionSchema } from './schema.ts';
export { isDay } from './schema-parts.ts';
export { starterDecision } from './starter.ts';
export { decisionPage, expiredEvidence, matrixJson, REGIONS, type RegionName } from './page/index.ts';
