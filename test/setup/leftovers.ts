import { after } from 'node:test';

/** What a file of tests leaves open fails it, and is named: it would keep the whole run waiting. */
const PATIENCE_MS = 30_000;

/** the runner itself loads this file too, and has no tests of its own */
const isOfTests = process.env['NODE_TEST_CONTEXT'] !== undefined;

if (isOfTests) {
  after(() => {
    const fail = (): void => {
      process.stderr.write(
        `open ${PATIENCE_MS / 1000} s after the last test: ${process.getActiveResourcesInfo().join(', ')}\n`,
      );
      process.exit(1);
    };
    setTimeout(fail, PATIENCE_MS).unref();
  });
}
