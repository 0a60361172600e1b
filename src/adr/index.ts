export { appraiseAdr, type AdrFinding, type AdrState } from './appraisal.ts';
export { weighFile } from './basis.ts';
export { draftAdr } from './draft.ts';
export { findAdr, readAdrs, writeAdr, type AdrFile } from './folder.ts';
export { padded } from './heading.ts';
export { renderAdr } from './rendering.ts';
