import { UserError } from '../../user-error.ts';
import { SendError } from '../errors.ts';
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

/** What became of a message that was given to a connection. */
export function sendFailure(error: unknown): SendError {
  const code = replyCode(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === undefined) return new SendError('unknown', `connection lost: ${text}`, { cause: error });
  const outcome = PASSING.has(code) ? 'failed' : 'refused';
  return new SendError(outcome, `redis answered: ${text}`, { cause: error });
}

/** Why there is no connection, for a person. */
export function connectFailure(error: unknown, config: RedisConfig): UserError {
  const address = addressOf(config);
  const code = replyCode(error);
  if (code === 'WRONGPASS' || code === 'NOAUTH' || code === 'NOPERM') {
    return new UserError(`Redis at ${address} refused the login of user ${config.username ?? 'default'}`, {
      code: 'driver.login-refused',
      exitCode: 3,
      hint: "check username and password of the target; the user needs the target's keys and CONFIG GET, INFO",
      cause: error,
    });
  }
  return new UserError(`no Redis at ${address}: ${reasonOf(error)}`, {
    code: 'driver.unreachable',
    exitCode: 3,
    hint: 'start one with: npx mqbench up redis',
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'connection refused';
  return error.message.split('\n', 1)[0] || code;
}
