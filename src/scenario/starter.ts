/** A file that `mqbench init` writes. */
export interface StarterFile {
  /** relative to the project */
  readonly path: string;
  readonly text: string;
}

/** Names the scenario that a project begins with, and its file. */
export const STARTER_SCENARIO = 'my-first';

const WORKSPACE = `# yaml-language-server: $schema=node_modules/mqbench/schemas/mqbench.schema.json
# What mqbench measures in this project. After \`npm install --save-dev mqbench\`, editors complete this file.

targets:
  # The reference broker, embedded in mqbench: needs no server.
  memory: { driver: memory }

  # Real brokers. Take the # away in front of what you have, or start one with \`mqbench up kafka\`.
  # The environment fills in \${NAME} and \${NAME:-default}; keep passwords there and not in this file.
  #
  # kafka: { driver: kafka }
  #
  # rabbitmq:
  #   driver: rabbitmq

defaults:
  targets: [memory]
  scenario: ${STARTER_SCENARIO}
  repeats: 1
`;

const SCENARIO = `# yaml-language-server: $schema=../node_modules/mqbench/schemas/scenario.schema.json
title: My first scenario
question: Does the broker keep up with 500 messages a second, and does it lose anything?

workload: stream
contract: leader-acked # what the broker promises when it acknowledges a message

messages:
  size: 1KiB
  keys: { count: 1000, distribution: uniform } # messages of one key stay in order

topology: { partitions: 2, subscriptions: [orders] }

load:
  arrivals: poisson # at random, as from many users
  phases:
    - { name: warm-up, rate: 500/s, for: 2s, warmup: true } # measured apart; the table and plain checks leave it out
    - { name: ramp, rate: { from: 100/s, to: 500/s }, for: 4s }
    - { name: steady, rate: 500/s, for: 6s }

checks: # see \`mqbench list metrics\`
  - endToEnd.p99 <= 250ms in steady
  - ledger.lost == 0
`;

/** A project that runs at once, on the embedded target. */
export const STARTER_FILES: readonly StarterFile[] = [
  { path: 'mqbench.yaml', text: WORKSPACE },
  { path: `scenarios/${STARTER_SCENARIO}.yaml`, text: SCENARIO },
];
