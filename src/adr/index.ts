export { appraiseAdr, type AdrFinding, type AdrState } from './appraisal.ts';
export { draftAdr, findAdr } from './draft.ts';
export { readAdrs, weighFile, writeAdr, type AdrFile } from './record.ts';
export { renderAdr } from './rendering.ts';
