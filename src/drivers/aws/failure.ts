import { SendError } from '../errors.ts';
import { UserError } from '../../user-error.ts';
import { placeOf } from './place.ts';

/** Names and codes under which SQS, SNS and KMS throttle (API references, "Common Errors"). */
const THROTTLING = /throttl|TooManyRequests|OverLimit|RequestLimitExceeded|SlowDown/i;
const LOGIN =
  /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|IncompleteSignature|ExpiredToken|InvalidAccessKeyId|InvalidSignature|MissingAuthenticationToken|CredentialsProvider|TokenProvider/;
const PERMISSION =
  /AccessDenied|AuthorizationError|Unauthorized|InvalidSecurity|OptInRequired|KmsAccessDenied/;
const GONE = /QueueDoesNotExist|NonExistentQueue|NotFound|ResourceNotFound/;
/** A queue or topic of that name that is not as it is asked for. SNS has no error of its own for it. */
const TAKEN = /QueueNameExists|QueueAlreadyExists|already exists with different (attributes|tags)/;
/** "You must wait 60 seconds after deleting a queue" (API reference of CreateQueue) */
const DELETED_JUST_NOW = /QueueDeletedRecently/;
/** Errors of the server that leave open whether it did what was asked. */
const SERVERS_FAULT = /Internal|ServiceUnavailable|Unavailable|Timeout/i;
/** Before anything was written to a connection. */
const NO_CONNECTION = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/;

interface Facts {
  readonly name: string;
  readonly message: string;
  /** of Node's network errors */
  readonly code: string;
  /** undefined where no answer came */
  readonly status: number | undefined;
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { name: '', message: String(error), code: '', status: undefined };
  const code = 'code' in error ? String(error.code) : '';
  const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }) : undefined;
  // Node gives an AggregateError without a message for a name with several addresses
  return { name: error.name, message: error.message || code, code, status: metadata?.httpStatusCode };
}

export function isThrottling(error: unknown): boolean {
  const { name, status } = factsOf(error);
  return status === 429 || THROTTLING.test(name);
}

/** The queue or topic is not there (any more). */
export function isGone(error: unknown): boolean {
  return GONE.test(factsOf(error).name);
}

/** Trying again would not help: the login, a permission, or what is asked for is missing. */
export function isFinal(error: unknown): boolean {
  const { name } = factsOf(error);
  return error instanceof UserError || isGone(error) || LOGIN.test(name) || PERMISSION.test(name);
}

/** What a request that failed as a whole means for each of its messages. */
export function sendError(error: unknown): SendError {
  const { name, message, code, status } = factsOf(error);
  const failed = (outcome: SendError['outcome'], text: string): SendError =>
    new SendError(outcome, text, { cause: error });
  // a throttled request is not carried out
  if (isThrottling(error)) return failed('failed', `throttled: ${message}`);
  if (error instanceof UserError || LOGIN.test(name) || PERMISSION.test(name))
    return failed('refused', message);
  if (isGone(error)) return failed('failed', message);
  if (NO_CONNECTION.test(code)) return failed('failed', `no connection: ${message}`);
  if (status === undefined || status >= 500 || SERVERS_FAULT.test(name)) return failed('unknown', message);
  // an answer of 2xx that the SDK takes exception to, such as a checksum: it was stored
  if (status < 400) return failed('unknown', message);
  return failed('refused', `${name}: ${message}`);
}

/** What a batch says of one entry that it did not take. */
export interface EntryFailure {
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

export function entryError({ Code = '', Message = 'no reason given', SenderFault }: EntryFailure): SendError {
  const text = Code === '' ? Message : `${Code}: ${Message}`;
  if (THROTTLING.test(Code)) return new SendError('failed', text);
  if (SERVERS_FAULT.test(Code)) return new SendError('unknown', text);
  return new SendError(SenderFault === true ? 'refused' : 'failed', text);
}

/** Where a request goes, for people. */
export interface Destination {
  /** `SQS` or `SNS` */
  readonly service: string;
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  /** what starts an emulator */
  readonly start: string;
}

/** Why a request of ours, that is no send, did not succeed; undefined for what is a bug. */
export function usageError(error: unknown, to: Destination): UserError | undefined {
  if (error instanceof UserError) return error;
  const { name, message, code, status } = factsOf(error);
  const isAws = placeOf(to) === 'aws';
  const where = isAws ? `AWS ${to.service} in ${to.region ?? '?'}` : `${to.service} at ${addressOf(to)}`;
  const mend = (what: string, text: string, hint: string): UserError =>
    new UserError(`${where}: ${text}`, { code: `driver.${what}`, exitCode: 3, hint, cause: error });
  if (LOGIN.test(name)) {
    const hint = 'give credentials as for the AWS command line: AWS_PROFILE, AWS_ACCESS_KEY_ID, or profile:';
    return mend('login-refused', `no valid credentials: ${message}`, hint);
  }
  if (PERMISSION.test(name)) {
    return mend('no-permission', message, 'the README lists the actions that an IAM policy must allow');
  }
  if (TAKEN.test(name) || TAKEN.test(message)) {
    const hint =
      'a crash left it behind, or another run uses it: npx mqbench clean, or give this run another name';
    return mend('name-taken', message, hint);
  }
  if (DELETED_JUST_NOW.test(name)) return mend('deleted-just-now', message, 'wait a minute');
  if (isThrottling(error))
    return mend('throttled', `throttled: ${message}`, 'wait, or ask for a higher quota');
  if (isAws && /ENOTFOUND|EAI_AGAIN/.test(code)) {
    return mend('unreachable', message, 'check the region, such as eu-west-1, and the network');
  }
  if (!isAws && isForeign(error)) return notSqs(to, message, error);
  if (status === undefined || status >= 500) {
    return mend(
      'unreachable',
      `no answer: ${message}`,
      isAws ? 'check the network, and what gives the credentials' : to.start,
    );
  }
  return undefined;
}

/** An answer that no such service gives: not in its format, or without what it has to say. */
function isForeign(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'UnknownError' ||
    error instanceof SyntaxError ||
    /parse error|not valid/i.test(error.message)
  );
}

/** What listens there is something else. */
export function notSqs(to: Destination, said: string, cause?: unknown): UserError {
  return new UserError(
    `what listens at ${addressOf(to)} does not answer as ${to.service}: ${said.split('\n', 1)[0]}`,
    {
      code: 'driver.unreachable',
      exitCode: 3,
      hint: `name the address of ${to.service}, or of an emulator, as endpoint: of the target`,
      cause,
    },
  );
}

function addressOf({ endpoint }: Destination): string {
  return endpoint === undefined ? '?' : new URL(endpoint).host;
}
