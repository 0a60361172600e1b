export { Arrivals } from './arrivals.ts';
export { Due } from './due.ts';
export { drawnShare, fateOf, type FailureShares, type Fate } from './fate.ts';
export { emptyIdentity, IDENTITY_BYTES, readIdentity, writeIdentity, type Identity } from './identity.ts';
export { drawKeys, keyName, type KeyDistribution } from './keys.ts';
export { Pace } from './pace.ts';
export { Payloads } from './payload.ts';
