import { UserError } from '../../user-error.ts';
import { SendError } from '../errors.ts';
import { Overdue } from '../within.ts';
import { addressOf, type RedisConfig } from './config.ts';

/** What is asked for is not on the server (any more), or not as the contract takes it: trying again would not help. */
export class Gone extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Gone';
  }
}

/**
 * Replies that tell of the server's state and not of the message: nothing was stored, and the same may be
 * taken later. The first word of an error is its code (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors).
 */
const PASSING = new Set([
  'OOM',
  'READONLY',
  'LOADING',
  'MISCONF',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'NOREPLICAS',
  'BUSY',
  'TRYAGAIN',
]);

/** The code of an error that the server replied with; undefined for any other error. */
export function replyCode(error: unknown): string | undefined {
  // the client has a class for them, which is not loaded here: a subclass of Error without a code of its own
  if (!(error instanceof Error) || 'code' in error) return undefined;
  return /^[A-Z]{2,}(?= )/.exec(error.message)?.[0];
}

/** What the user must do at the server, by the code of its reply. */
const MENDS: Readonly<Record<string, string>> = {
  OOM: 'raise maxmemory of the server, or delete keys',
  MISCONF: "make room on the server's disk: it cannot save",
  READONLY: "name the master in the target's config",
  NOPERM:
    'let the user do all on mqbench.*, and INFO and CONFIG GET (ACL SETUSER … ~mqbench.* +@all), or name another user',
  WRONGTYPE: 'something else than mqbench has written to a key named mqbench.*: delete it',
};

/** What became of a message that was given to a connection. */
export function sendFailure(error: unknown): SendError {
  const code = replyCode(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === undefined) return new SendError('unknown', `connection lost: ${text}`, { cause: error });
  const outcome = PASSING.has(code) ? 'failed' : 'refused';
  return new SendError(outcome, `redis answered: ${text}`, { cause: error, mend: MENDS[code] });
}

/** What an error that the server replied with comes to, for a person; any other error stays what it is. */
export function refusal(error: unknown, config: RedisConfig): Error {
  const code = replyCode(error);
  if (!(error instanceof Error)) return new Error(String(error));
  if (code === undefined) return error;
  return new UserError(`Redis at ${addressOf(config)}, user ${userOf(config)}: ${error.message}`, {
    code: code === 'NOPERM' ? 'driver.not-authorised' : 'driver.refused',
    exitCode: 3,
    hint: MENDS[code] ?? 'see the log of the server',
    cause: error,
  });
}

function userOf({ username }: RedisConfig): string {
  return username ?? 'default';
}

/** Why there is no connection, for a person. */
export function connectFailure(error: unknown, config: RedisConfig): UserError {
  const address = addressOf(config);
  const failed = (message: string, failureCode: string, hint: string): UserError =>
    new UserError(message, { code: failureCode, exitCode: 3, hint, cause: error });
  const code = replyCode(error);
  if (code === 'WRONGPASS' || code === 'NOAUTH') {
    const isMissing = code === 'NOAUTH' && config.password === undefined;
    return failed(
      isMissing
        ? `Redis at ${address} wants a password, and the target has none`
        : `Redis at ${address} refused the login of user ${userOf(config)}`,
      'driver.login-refused',
      "check username and password in the target's config",
    );
  }
  if (code === 'ERR' && /AUTH .*without any password/.test(reasonOf(error))) {
    return failed(
      `Redis at ${address} asks for no password, and the target has one`,
      'driver.login-refused',
      "leave password out of the target's config",
    );
  }
  if (code !== undefined && code !== 'LOADING') {
    const refused = refusal(error, config);
    if (refused instanceof UserError) return refused;
  }
  const reason = reasonOf(error);
  if (config.tls && /certificate|altnames/.test(reason)) {
    return failed(
      `the certificate of Redis at ${address} is not trusted: ${reason.split(';', 1)[0]}`,
      'driver.tls',
      'name the authority that signed it in NODE_EXTRA_CA_CERTS',
    );
  }
  // a server without TLS takes the ClientHello for the begin of a command, and waits for its end
  const isNoTls =
    error instanceof Overdue || /timeout|wrong version number|before secure TLS|ECONNRESET/i.test(reason);
  if (config.tls && isNoTls) {
    return failed(
      `Redis at ${address} does not answer as one with TLS: ${reason}`,
      'driver.tls',
      "leave tls out of the target's config, or name the server's tls-port",
    );
  }
  if (error instanceof Overdue) {
    return failed(
      `what listens at ${address} does not answer as Redis: ${reason}`,
      'driver.unreachable',
      "name Redis's host and port in the target's config; if it is Redis, it is stopped or overloaded: see its log",
    );
  }
  // a server with TLS takes a command for a broken ClientHello, and closes
  const isClosed = /ECONNRESET|closed unexpectedly/i.test(reason);
  return failed(
    `no Redis at ${address}: ${reason}`,
    'driver.unreachable',
    isClosed && !config.tls
      ? "if the server wants TLS, set tls: true in the target's config"
      : 'start one with: npx mqbench up redis',
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'connection refused';
  return error.message.split('\n', 1)[0] || code;
}
