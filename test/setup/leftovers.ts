import { after } from 'node:test';
import { failWhatIsLeftOpen } from './left-open.ts';

/** the runner itself loads this file too, and has no tests of its own */
const isOfTests = process.env['NODE_TEST_CONTEXT'] !== undefined;

if (isOfTests) after(failWhatIsLeftOpen);
