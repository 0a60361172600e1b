import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHeading, withFrontMatter, withStatus } from '../../src/adr/heading.ts';

const MADR_4 = `---
status: superseded by ADR-0012
date: 2026-11-26
decision-makers: [us]
---

# Which broker

## Context and Problem Statement
`;

test('MADR 4 has its status and date in its front matter', () => {
  const { frontMatter, ...heading } = readHeading(MADR_4, '0007-which-broker.md');
  assert.deepEqual(heading, {
    number: 7,
    title: 'Which broker',
    status: 'superseded by ADR-0012',
    date: '2026-11-26',
  });
  assert.deepEqual(frontMatter['decision-makers'], ['us']);
});

test('log4brains and MADR 2 have them in a list, and a date for a number', () => {
  const text =
    '# Use RabbitMQ\n\n- Status: Accepted\n- Deciders: us\n- Date: 2020-11-26\n- Tags: x\n\n## Context\n';
  const { frontMatter: _, ...heading } = readHeading(text, '20201126-use-rabbitmq.md');
  assert.deepEqual(heading, {
    number: undefined,
    title: 'Use RabbitMQ',
    status: 'accepted',
    date: '2020-11-26',
  });
});

test('adr-tools has a number in its title, a line with the date, and a section with the status', () => {
  const text = '# 9. Help scripts\n\nDate: 2016-02-13\n\n## Status\n\nAccepted\n\n## Context\n';
  const { frontMatter: _, ...heading } = readHeading(text, '0009-help-scripts.md');
  assert.deepEqual(heading, { number: 9, title: 'Help scripts', status: 'accepted', date: '2016-02-13' });
});

test('what says nothing of itself is named after its file', () => {
  const { title, status, date } = readHeading('Just text.\n', '0001-just.md');
  assert.deepEqual([title, status, date], ['0001-just', undefined, undefined]);
});

test('a key of the front matter is changed, or added, and all else stays', () => {
  assert.equal(
    withFrontMatter(MADR_4, 'status', 'accepted'),
    MADR_4.replace('superseded by ADR-0012', 'accepted'),
  );
  assert.equal(
    withFrontMatter(MADR_4, 'consulted', 'them'),
    MADR_4.replace('[us]\n', '[us]\nconsulted: them\n'),
  );
});

test('a status is changed in the form in which it is written', () => {
  assert.equal(withStatus(MADR_4, 'accepted'), withFrontMatter(MADR_4, 'status', 'accepted'));
  assert.equal(withStatus('# A\n\n- Status: accepted\n', 'rejected'), '# A\n\n- Status: rejected\n');
  assert.equal(
    withStatus('# A\n\n## Status\n\nAccepted\n\n## Context\n', 'superseded by ADR-0002'),
    '# A\n\n## Status\n\nSuperseded by ADR-0002\n\n## Context\n',
  );
  assert.equal(withStatus('# A\n', 'rejected'), undefined);
});
