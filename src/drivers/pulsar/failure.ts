import { UserError } from '../../user-error.ts';

/** There is nobody at the address, or nobody who speaks the API. */
export function unreachable(address: string, cause: unknown): UserError {
  const reason = reasonOf(cause);
  if (/wrong version number|before secure TLS/.test(reason)) {
    return new UserError(`pulsar at ${address} does not speak TLS`, {
      code: 'pulsar.tls',
      exitCode: 3,
      hint: 'write http:// and pulsar:// in the target, or name the ports with TLS',
      cause,
    });
  }
  if (/certificate|altnames/.test(reason)) {
    return new UserError(
      `the certificate of pulsar at ${address} is not trusted: ${reason.split(';', 1)[0]}`,
      {
        code: 'pulsar.tls',
        exitCode: 3,
        hint: 'name the authority that signed it in NODE_EXTRA_CA_CERTS',
        cause,
      },
    );
  }
  return new UserError(`cannot reach pulsar at ${address}: ${reason}`, {
    code: 'pulsar.unreachable',
    exitCode: 3,
    hint: 'start one with: npx mqbench up pulsar',
    cause,
  });
}

/** As much of a foreign answer as is told. */
const TOLD = /^[\x20-\x7e]{1,40}/;

/** Something answers, in words that are not Pulsar's. */
export function notPulsar(address: string, answer: string): UserError {
  const [said] = TOLD.exec(answer) ?? [];
  const what = said === undefined ? 'nothing that can be read' : `"${said}"`;
  return new UserError(`what listens at ${address} does not answer as Pulsar: it said ${what}`, {
    code: 'pulsar.unreachable',
    exitCode: 3,
    hint: "name Pulsar's own addresses in the target: adminUrl, bookieUrl, serviceUrl, webSocketUrl",
  });
}

/** The innermost message: fetch wraps `connect ECONNREFUSED 127.0.0.1:8080` into `fetch failed`. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

export function noTopic(topic: string): UserError {
  return new UserError(`there is no topic ${topic}`, { code: 'pulsar.no-topic', exitCode: 3 });
}

/** The admin API's answer is an error. */
export class AdminRefusal extends UserError {
  readonly status: number;

  constructor(method: string, { host, pathname }: URL, status: number, body: string) {
    const said = reasonIn(body);
    super(`pulsar at ${host} answered ${status} to ${method} ${pathname}${said === '' ? '' : `: ${said}`}`, {
      code: 'pulsar.refused',
      exitCode: 3,
      hint:
        status === 401 || status === 403
          ? hintFor(said)
          : "check adminUrl and namespace of the target, and the broker's log",
    });
    this.name = 'AdminRefusal';
    this.status = status;
  }
}

/** How many bookies there are, which a contract depends on, only a super-user is told. */
function hintFor(said: string): string {
  return /super-?user/i.test(said)
    ? "give the target a super-user's token (superUserRoles of the broker)"
    : "check the token in the target's configuration";
}

/** What the C++ client says when producers and consumers cannot be opened, for a person (Result.cc). */
export function openingHint(reason: string): string {
  if (/AuthenticationError/.test(reason))
    return 'check the token of the target, and whether the port of its serviceUrl speaks TLS (pulsar+ssl://)';
  if (/AuthorizationError|NotAllowed/.test(reason)) return grants;
  if (/ConnectError|TimeOut/.test(reason))
    return 'check the serviceUrl of the target; start a broker with: npx mqbench up pulsar';
  return 'look into the log of the broker';
}

/** What a user of the target may need beside the admin API. */
const grants = 'grant produce and consume: pulsar-admin namespaces grant-permission';

/** `{"reason":"…"}`, or text */
function reasonIn(body: string): string {
  const reason = /"reason"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
  const [first = ''] = (reason ?? body).trim().split('\n', 1);
  return first.startsWith('<') ? '' : first.slice(0, 200);
}
