import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { edited, refusal, refused, VALID } from './fixtures/valid.ts';

describe('a YAML file is refused for', () => {
  const refuses = (what: string, text: string, ...messages: string[]): void => {
    it(what, () => assert.deepEqual(refusal(text), messages));
  };

  refuses(
    'its syntax',
    edited('title: Orders', 'title: Orders: a start'),
    's.yaml:2:8: not YAML: nested mappings are not allowed in compact mappings: "title: Orders: a start"',
  );
  refuses(
    'a quote that is never closed, where it was opened',
    edited('title: Orders', 'title: "Orders'),
    's.yaml:2:8: not YAML: a quote is opened and never closed: "title: \\"Orders"',
  );
  refuses(
    'a bracket that is never closed',
    edited('[fulfilment, audit]', '[fulfilment, audit'),
    's.yaml:9:62: not YAML: a ] is missing before this place: "topology: { partitions: 4, subscriptions: [fulfilment, audi…"',
  );
  refuses('tabs', 'load:\n\tphases: []\n', 's.yaml:2:1: a tab cannot indent YAML; use spaces');
  refuses('being empty', '', 's.yaml:1:1: the file is empty');
  refuses('being all comments', '# nothing\n\n', 's.yaml:1:1: the file is empty');
  refuses('being a list', '- a\n', 's.yaml:1:1: the file must be a mapping of keys, not a list');
  refuses('being a text', 'hello\n', 's.yaml:1:1: the file must be a mapping of keys, not "hello"');
  refuses('NUL bytes', 'name: a\nx: \0\n', 's.yaml:2:4: not a text file: it holds "\\u0000"');
  refuses('being larger than 1 MiB', `${VALID}#${'x'.repeat(1_048_576)}`, 's.yaml: larger than 1 MiB');
  refuses(
    'holding two documents',
    `${VALID}---\nname: other\n`,
    's.yaml:25:1: a second document begins here; a file may hold one',
  );
  refuses(
    'an alias of nothing',
    edited('3600/h', '*rate'),
    's.yaml:17:29: unknown alias "*rate"; no anchor before it has this name',
  );
  refuses('an alias of itself', 'a: &a\n  b: *a\n', ...selfAlias());
  refuses(
    'a tag',
    edited('workload: stream', 'workload: !kind stream'),
    's.yaml:4:11: tags such as !name are not supported; leave it out',
  );
  refuses(
    'a merge key',
    edited('drain: {', 'drain: { <<: {},'),
    's.yaml:18:10: merge keys ("<<") are not supported; write the keys out',
  );

  it('an alias bomb, at once', () => {
    const ten = (name: string): string => `[${Array.from({ length: 10 }, () => name).join(', ')}]`;
    const levels = Array.from(
      { length: 9 },
      (_, level) => `a${level + 1}: &a${level + 1} ${ten(`*a${level}`)}`,
    );
    const started = performance.now();
    const [message = ''] = refusal(['a0: &a0 lol', ...levels].join('\n'));
    assert.match(message, /^s\.yaml:\d+:\d+: more than 100,000 values once its aliases are expanded$/);
    assert.ok(performance.now() - started < 2_000);
  });

  it('nesting of any depth and style', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{a: ', '}'],
      ['- ', ''],
    ] as const) {
      for (const depth of [70, 50_000]) {
        const text = `${open.repeat(depth)}1${close.repeat(depth)}`;
        assert.match(refusal(text)[0] ?? '', /^s\.yaml:1:\d+: nested (too deeply|more than 64 levels deep)$/);
      }
    }
  });

  it('a hundred thousand keys, in linear time', () => {
    const started = performance.now();
    refusal(Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join('\n'));
    assert.ok(performance.now() - started < 10_000);
  });
});

/** The mistake itself, and what a scenario lacks beside it. */
function selfAlias(): string[] {
  const keys =
    'name, title, question, lookAt, workload, contract, messages, topology, producers, consumers, load, faults, failures, retry, redrive, saga, schema, drain, checks, variants';
  return [
    `s.yaml:1:1: unknown key "a" (allowed: ${keys})`,
    's.yaml:1:1: missing key "workload" (allowed: stream, request-reply, dead-letter, saga, schema-evolution, event-sourcing)',
    's.yaml:1:1: missing key "contract" (allowed: fire-and-forget, leader-acked, replicated-acked, fsynced-acked, replicated-fsynced-acked, effectively-once)',
    's.yaml:1:1: missing key "messages"; it must be a mapping of keys',
    's.yaml:1:1: missing key "load"; it must be a mapping of keys',
    's.yaml:2:6: alias "*a" contains itself',
  ];
}

describe('a problem', () => {
  it('has a code of its own, and one for the file', () => {
    const error = refused(edited('for: 15s', 'fro: 15s'));
    assert.equal(error.code, 'scenario.unknown-key');
    assert.equal(error.exitCode, 2);
    assert.deepEqual(
      error.problems.map(({ line, column, code }) => ({ line, column, code })),
      [{ line: 17, column: 37, code: 'scenario.unknown-key' }],
    );
  });

  it('cannot send escape sequences to the terminal', () => {
    const [message = ''] = refusal(edited('workload: stream', 'workload: "\\e[31m\\u202e"'));
    assert.equal(message.includes('\u001b') || message.includes('\u202e'), false);
    assert.match(message, /unknown workload "\\u001b\[31m\\u202e"/);
  });
});
