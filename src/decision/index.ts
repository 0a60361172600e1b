export { gatherEvidence } from './evidence.ts';
export { parseDecision, readContents } from './decision-reader.ts';
export { weigh, type Matrix } from './matrix.ts';
export { decisionSchema } from './schema.ts';
export { decisionPage, expiredEvidence, matrixJson, REGIONS, type RegionName } from './page/index.ts';
