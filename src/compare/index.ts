export { compare } from './compare.ts';
export { compareSides } from './ab.ts';
export { isGated, type Comparison } from './comparison.ts';
export { comparisonPage } from './page/markdown.ts';
export { comparisonTable } from './page/terminal.ts';
export { benchmarkEntries } from './exports/github-action-benchmark.ts';
export { bencherMetrics } from './exports/bencher.ts';
export { benchstatText } from './exports/benchstat.ts';
export { junitXml } from './exports/junit.ts';
export {
  ASPECTS,
  DEFAULT_POLICY,
  DEFAULT_REPEATS,
  isAbout,
  parsePolicy,
  policySchema,
  readPolicyContents,
  repeatsFor,
  sensitivityText,
  starterPolicy,
  type Aspect,
  type Policy,
} from './policy/index.ts';
