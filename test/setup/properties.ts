import fc from 'fast-check';

/**
 * Property tests try the same cases in every run, so that a change is judged by what it did; a case that no run has
 * tried yet is looked for with MQBENCH_TEST_SEED=random.
 */
const FIXED = 20261125;
const asked = process.env['MQBENCH_TEST_SEED'] ?? String(FIXED);
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked) });
