import { isGated, type Comparison, type Row } from '../comparison.ts';
import { formatChange, formatInterval, formatP, nameOf } from '../page/words.ts';

/**
 * JUnit XML, valid by junit-10.xsd of Jenkins' xUnit plugin (skipped is counted by suites alone), as GitLab reads it too:
 * a test case for each gated row and each failure. What is inconclusive or not comparable is skipped with its reason, and
 * so never shown as passed.
 */
export function junitXml({ rows, failures }: Comparison): string {
  const gated = rows.filter(isGated);
  const cases = [
    ...failures.map(({ scenario, target, kind, message }) =>
      testCase(`${scenario}.${target}`, kind, `<failure message="${attribute(message)}" type="${kind}"/>`),
    ),
    ...gated.map((row) => testCase(`${row.scenario}.${row.target}`, nameOf(row), resultOf(row))),
  ];
  const failed = failures.length + gated.filter(({ verdict }) => verdict === 'regressed').length;
  const skipped = gated.filter(({ verdict }) => UNDECIDED.has(verdict)).length;
  const counts = `tests="${cases.length}" failures="${failed}" errors="0" time="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mqbench compare" ${counts}>`,
    `  <testsuite name="mqbench compare" ${counts} skipped="${skipped}">`,
    ...cases.map((each) => `    ${each}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const UNDECIDED: ReadonlySet<Row['verdict']> = new Set(['inconclusive', 'not comparable', 'machine changed']);

function resultOf(row: Row): string {
  switch (row.verdict) {
    case 'regressed':
      return `<failure message="${attribute(told(row))}" type="regressed"/>`;
    case 'inconclusive':
    case 'not comparable':
    case 'machine changed':
      return `<skipped message="${attribute(`${row.verdict}: ${told(row)}`)}"/>`;
    case 'not gated':
    case 'improved':
    case 'equivalent':
      return `<system-out>${text(`${row.verdict}: ${told(row)}`)}</system-out>`;
  }
}

function told({ ratio, interval, adjustedP, reason }: Row): string {
  if (ratio === null) return reason ?? 'no values';
  const range = interval === null ? 'no interval' : formatInterval(interval);
  return `${formatChange(ratio)} (${range}), p ${formatP(adjustedP)}${reason === null ? '' : `; ${reason}`}`;
}

function testCase(className: string, name: string, content: string): string {
  return `<testcase classname="${attribute(className)}" name="${attribute(name)}" time="0">${content}</testcase>`;
}

function attribute(value: string): string {
  return text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;');
}

/** Without the characters that XML 1.0 has no way to write. */
function text(value: string): string {
  return value
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
