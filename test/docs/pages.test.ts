import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { brokenLinks, pageOf, readPages, REPOSITORY } from './pages.ts';

test('given every page of the repository, then each link leads to a file and a heading that are there', async () => {
  assert.deepEqual(brokenLinks(await readPages(), await filesOfTheRepository()), []);
});

test('given every page of the repository, then each row of a table has as many cells as its head', async () => {
  assert.deepEqual(
    (await readPages()).flatMap(({ brokenTables }) => brokenTables),
    [],
  );
});

test('given a page with a link to nowhere, an anchor that is not there and uneven tables, then each is told', () => {
  const page = pageOf(
    'docs/x.md',
    '# Costs, of all\n\n[a](y.md) [b](#costs-of-all) [c](#costs) [d](https://example.org/)\n\n| a | b |\n|---|---|\n| 1 |\n\n| no | head |\n',
  );
  assert.deepEqual(brokenLinks([page], new Set(['docs/x.md'])), [
    'docs/x.md:3: y.md: there is no docs/y.md',
    'docs/x.md:3: #costs: docs/x.md has no such heading',
  ]);
  assert.deepEqual(page.brokenTables, [
    'docs/x.md:5: a row has more or fewer cells than the head',
    'docs/x.md:9: a row that is in no table',
  ]);
});

/** Paths of files and folders that are in the repository, or would be with the next commit. */
async function filesOfTheRepository(): Promise<ReadonlySet<string>> {
  const { stdout } = await promisify(execFile)(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard'],
    { cwd: REPOSITORY },
  );
  const files = stdout.trim().split('\n');
  const found = new Set(files);
  for (const file of files)
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) found.add(folder);
  return found;
}
