import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { parseWorkspace, resolveWorkspaceTargets } from '../../src/scenario/index.ts';
import { InvalidDocument, parseDurationMs, quantity, validateAgainst } from '../../src/yaml/index.ts';
import type { Target } from '../../src/scenario/index.ts';

const timeout = quantity({
  noun: 'duration',
  parse: parseDurationMs,
  least: '1ms',
  most: '1min',
  description: 'of a request',
  examples: ['5s'],
});
const plain = z.strictObject({ mechanism: z.literal('plain'), username: z.string(), password: z.string() });
const oauth = z.strictObject({ mechanism: z.literal('oauth'), token: z.string() });

/** As a driver may have it: lists, choices, units, alternatives. */
const kafka = z.strictObject({
  brokers: z.array(z.string()).min(1).default(['127.0.0.1:9092']),
  client: z.enum(['platformatic', 'kafkajs']).default('platformatic'),
  port: z.int().min(1).max(65_535).optional(),
  tls: z.boolean().optional(),
  timeout: timeout.optional(),
  url: z.url().optional(),
  sasl: z.discriminatedUnion('mechanism', [plain, oauth]).optional(),
});

const ENVIRONMENT = {
  HOST: 'broker',
  PORT: '9092',
  PASSWORD: '0123456',
  TLS: 'true',
  EMPTY: '',
  SECRET: 'hunter2',
};
const SCHEMAS = { memory: z.strictObject({}), kafka };

function resolved(text: string): Target[] {
  const options = { environment: ENVIRONMENT, builtInTargets: ['memory', 'rabbitmq'] };
  const { targets } = parseWorkspace(text, 'mqbench.yaml', options);
  return resolveWorkspaceTargets(targets, SCHEMAS, ENVIRONMENT);
}

function refusal(text: string): string[] {
  try {
    resolved(text);
  } catch (error) {
    if (error instanceof InvalidDocument) return error.message.split('\n');
    throw error;
  }
  throw new Error('the text was accepted');
}

describe('mqbench.yaml', () => {
  it('has targets and defaults', () => {
    const text = `targets:
  memory: { driver: memory }
  kafka: { driver: kafka, brokers: [a:1, b:2] }
defaults: { targets: [kafka], scenario: steady-state, repeats: 5, seed: 1, out: "\${EMPTY:-there}" }
`;
    const { targets, defaults } = parseWorkspace(text, 'mqbench.yaml', { environment: ENVIRONMENT });
    assert.deepEqual(
      targets.map(({ name, driver, config }) => ({ name, driver, config: config.value })),
      [
        { name: 'memory', driver: 'memory', config: {} },
        { name: 'kafka', driver: 'kafka', config: { brokers: ['a:1', 'b:2'] } },
      ],
    );
    assert.deepEqual(defaults, {
      targets: ['kafka'],
      scenario: 'steady-state',
      repeats: 5,
      seed: 1,
      out: 'there',
    });
  });

  it('may be nearly empty', () => {
    const { targets, defaults } = parseWorkspace('{}', 'mqbench.yaml', { environment: {} });
    assert.deepEqual([targets, defaults], [[], {}]);
  });

  it('knows where each setting of a target stands', () => {
    const text = 'targets:\n  k:\n    driver: kafka\n    brokers:\n      - a:1\n      - b:2\n';
    const [target] = parseWorkspace(text, 'mqbench.yaml', { environment: {} }).targets;
    assert.equal(target?.config.place(['brokers', 1]), 'mqbench.yaml:6:9');
    assert.deepEqual(validateAgainst(kafka, target.config), {
      brokers: ['a:1', 'b:2'],
      client: 'platformatic',
    });
  });
});

describe('environment variables', () => {
  const configOf = (settings: string): unknown =>
    resolved(`targets:\n  k:\n    driver: kafka\n${settings}`)[0]?.config;

  it('are expanded, with defaults, and $${ stands for itself', () => {
    assert.deepEqual(configOf('    brokers: ["${HOST}:${PORT}", "${EMPTY:-x}:${NONE:-1}", "$${HOST}:1"]\n'), {
      brokers: ['broker:9092', 'x:1', '${HOST}:1'],
    });
  });

  it('become numbers and booleans where the driver wants them, and only there', () => {
    const settings = `    port: \${PORT}
    tls: \${TLS}
    sasl: { mechanism: plain, username: u, password: "\${PASSWORD}" }
`;
    assert.deepEqual(configOf(settings), {
      port: 9092,
      tls: true,
      sasl: { mechanism: 'plain', username: 'u', password: '0123456' },
    });
  });

  it('must be set for the targets that are used, and for no others', () => {
    const text = 'targets:\n  a: { driver: memory }\n  k:\n    driver: kafka\n    url: ${NONE}\n';
    const { targets } = parseWorkspace(text, 'mqbench.yaml', { environment: {} });
    assert.equal(resolveWorkspaceTargets(targets.slice(0, 1), SCHEMAS, {}).length, 1);
    assert.deepEqual(refusal(text), [
      'mqbench.yaml:5:10: targets.k.url: the environment variable NONE is not set; set it, or give a default: ${NONE:-…}',
    ]);
  });

  it('are never quoted in a message', () => {
    const settings = [
      'timeout: ${SECRET}',
      'url: ${SECRET}',
      'client: ${SECRET}',
      'port: ${SECRET}',
      'tls: x${SECRET}',
    ];
    const lines = refusal(
      `targets:\n  k:\n    driver: kafka\n${settings.map((each) => `    ${each}\n`).join('')}`,
    );
    assert.equal(lines.length, settings.length);
    assert.equal(lines.join().includes(ENVIRONMENT.SECRET), false);
    assert.equal(
      lines[0],
      'mqbench.yaml:4:14: targets.k.timeout: "${SECRET}" does not expand to a valid value; use us, ms, s, min or h, as in 5s',
    );
  });
});

describe('mqbench.yaml is refused for', () => {
  const refuses = (what: string, text: string, ...messages: string[]): void => {
    it(what, () => assert.deepEqual(refusal(text), messages));
  };
  const target = (settings: string): string => `targets:\n  k: { ${settings} }\n`;

  refuses(
    'an unknown driver',
    target('driver: kafak'),
    'mqbench.yaml:2:16: targets.k.driver: unknown driver "kafak" (allowed: memory, kafka); did you mean "kafka"?',
  );
  refuses(
    'a driver of the name of something else',
    target('driver: constructor'),
    'mqbench.yaml:2:16: targets.k.driver: unknown driver "constructor" (allowed: memory, kafka)',
  );
  refuses(
    'a target without a driver',
    target('drivr: kafka'),
    'mqbench.yaml:2:6: missing key "driver" in targets.k; it must be text; is it what "drivr" should be?',
  );
  refuses(
    'an unknown setting of a driver',
    target('driver: kafka, borkers: [a]'),
    'mqbench.yaml:2:23: unknown key "borkers" in targets.k (allowed: brokers, client, port, tls, timeout, url, sasl); did you mean "brokers"?',
  );
  refuses(
    'an unknown kind of a setting',
    target('driver: kafka, sasl: { mechanism: plan }'),
    'mqbench.yaml:2:42: unknown targets.k.sasl.mechanism "plan" (allowed: plain, oauth); did you mean "plain"?',
  );
  refuses(
    'no kind of a setting',
    target('driver: kafka, sasl: { token: x }'),
    'mqbench.yaml:2:29: missing key "mechanism" in targets.k.sasl (allowed: plain, oauth)',
  );
  refuses(
    'numbers and lists out of bounds',
    target('driver: kafka, port: 70000, brokers: []'),
    'mqbench.yaml:2:29: targets.k.port: "70000" is not valid; must be at most 65535',
    'mqbench.yaml:2:45: targets.k.brokers: needs at least 1 entry',
  );
  refuses(
    'a name that is none',
    'targets:\n  My Kafka: { driver: kafka }\n',
    'mqbench.yaml:2:3: key "My Kafka" in targets is not valid; use a-z, 0-9 and dashes, at most 40 characters',
  );
  refuses(
    'a list of targets',
    'targets: [kafka]\n',
    'mqbench.yaml:1:10: targets must be a mapping of keys, not a list',
  );
  refuses(
    'unquoted variables in braces',
    target('driver: kafka, url: ${HOST}'),
    'mqbench.yaml:2:29: not YAML: unexpected flow-map-start at node end: "k: { driver: kafka, url: ${HOST} }"; put the value with ${…} in quotes',
  );
  refuses(
    'references that are none',
    'targets:\n  k:\n    driver: kafka\n    url: ${1x}\n    client: "${HOST"\n',
    'mqbench.yaml:4:10: targets.k.url: a reference to no variable; use ${NAME} or ${NAME:-default}, or $${ for the characters themselves',
    'mqbench.yaml:5:13: targets.k.client: a reference to no variable; use ${NAME} or ${NAME:-default}, or $${ for the characters themselves',
  );
  refuses(
    'defaults that cannot be',
    'targets:\n  k: { driver: kafka }\ndefaults:\n  targets: [kk, k, k]\n  repeats: 0\n  scenaro: x\n  out: ${NONE}\n',
    'mqbench.yaml:4:13: defaults.targets[0]: unknown target "kk" (allowed: k, memory, rabbitmq); did you mean "k"?',
    'mqbench.yaml:4:20: defaults.targets[2]: "k" is listed twice',
    'mqbench.yaml:5:12: defaults.repeats: "0" is too small; use 1 to 1_000',
    'mqbench.yaml:6:3: unknown key "scenaro" in defaults (allowed: targets, scenario, repeats, seed, out); did you mean "scenario"?',
    'mqbench.yaml:7:8: defaults.out: the environment variable NONE is not set; set it, or give a default: ${NONE:-…}',
  );
});
