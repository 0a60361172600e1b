import { UserError } from '../../user-error.ts';
import type { KafkaConfig } from './config.ts';
import { ListenerHasTls, serverProtocol } from './server-version.ts';

/** Why no connection came about, told by the first kind whose pattern fits what the client said. */
export function unreachable(config: KafkaConfig, cause: unknown): UserError {
  const reason = innermost(cause);
  const brokers = config.brokers.join(', ');
  const kind = kinds.find(({ pattern, concerns }) => concerns(config) && pattern.test(reason)) ?? nobody;
  return new UserError(`${kind.problem(brokers, config)}: ${reason}`, {
    code: kind.code,
    exitCode: 3,
    hint: kind.hint,
    cause,
  });
}

interface Kind {
  readonly pattern: RegExp;
  readonly concerns: (config: KafkaConfig) => boolean;
  readonly problem: (brokers: string, config: KafkaConfig) => string;
  readonly code: string;
  readonly hint: string;
}

const nobody: Omit<Kind, 'pattern' | 'concerns'> = {
  problem: (brokers) => `cannot reach kafka at ${brokers}`,
  code: 'kafka.unreachable',
  hint: 'start one with: npx mqbench up kafka',
};

const hasSasl = ({ sasl }: KafkaConfig): boolean => sasl !== undefined;
const hasTls = ({ tls }: KafkaConfig): boolean => tls;

/**
 * The words are those of Kafka's protocol errors 34 (what a listener without SASL answers to SaslHandshake),
 * 33 and 58, as both clients repeat them, and of Node's TLS. A broker that does not speak TLS takes the
 * ClientHello for the size of a request, and closes.
 */
const kinds: readonly Kind[] = [
  {
    pattern: /speaks TLS|requires TLS/,
    concerns: (config) => !hasTls(config),
    problem: (brokers) => `kafka at ${brokers} speaks TLS, and the target does not`,
    code: 'kafka.tls',
    hint: 'set tls: true in the target, or name the port of the listener without TLS',
  },
  {
    pattern: /closed after ApiVersions/,
    concerns: (config) => !hasSasl(config),
    problem: (brokers) => `kafka at ${brokers} closes the connection of who does not log in`,
    code: 'kafka.authentication',
    hint: 'add sasl to the target, or name the port of the listener that has none',
  },
  {
    pattern: /current SASL state|ILLEGAL_SASL_STATE/,
    concerns: hasSasl,
    problem: (brokers) => `kafka at ${brokers} asks for no user, and the target has one`,
    code: 'kafka.authentication',
    hint: 'leave sasl out of the target, or name the port of the listener that has SASL',
  },
  {
    pattern: /SASL|[Aa]uthentication/,
    concerns: hasSasl,
    problem: (brokers, { sasl }) =>
      `kafka at ${brokers} does not let in ${sasl?.username} by ${sasl?.mechanism}`,
    code: 'kafka.authentication',
    hint: 'look at username, password and mechanism of sasl in the target',
  },
  {
    pattern: /before secure TLS connection|wrong version number|ECONNRESET/,
    concerns: hasTls,
    problem: (brokers) => `kafka at ${brokers} does not speak TLS`,
    code: 'kafka.tls',
    hint: 'leave tls out of the target, or name the port of the listener that has TLS',
  },
  {
    pattern: /certificate|altnames/,
    concerns: hasTls,
    problem: (brokers) => `the certificate of kafka at ${brokers} is not trusted`,
    code: 'kafka.tls',
    hint: 'name the authority that signed it in NODE_EXTRA_CA_CERTS',
  },
  {
    pattern: /before it answered ApiVersions/,
    concerns: () => true,
    problem: (brokers) => `what listens at ${brokers} does not answer as Kafka`,
    code: 'kafka.unreachable',
    hint: "name Kafka's address in brokers of the target; if it is Kafka, it is stopped or overloaded: see its log",
  },
];

/**
 * A client says of both no more than that the connection was closed: a listener with TLS does so to who sends it
 * anything else, one with SASL to who asks for anything but ApiVersions first.
 */
export async function closedBecause(config: KafkaConfig, cause: unknown): Promise<unknown> {
  const [broker = ''] = config.brokers;
  if (!/clos|reset/i.test(innermost(cause)) || config.sasl !== undefined) return cause;
  try {
    await serverProtocol(broker, config.tls);
    return new Error('closed after ApiVersions');
  } catch (error) {
    return error instanceof ListenerHasTls ? error : cause;
  }
}

/** Clients wrap `connect ECONNREFUSED 127.0.0.1:9092` several times. */
function innermost(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : innermost(error.cause);
}
