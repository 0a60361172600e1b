export { gatherEvidence } from './evidence.ts';
export { parseDecision, readContents } from './decision-reader.ts';
export { weigh } from './matrix.ts';
export { decisionSchema } from './schema.ts';
export { decisionPage, matrixJson } from './page/index.ts';
