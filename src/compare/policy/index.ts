export { repeatsFor, smallestFound } from './plan.ts';
export {
  ASPECTS,
  DEFAULT_POLICY,
  DEFAULT_REPEATS,
  isAbout,
  type Aspect,
  type Gate,
  type Policy,
} from './policy.ts';
export { parsePolicy, readPolicyContents, sensitivityText } from './reader.ts';
export { policySchema } from './schema.ts';
export { starterPolicy } from './starter.ts';
