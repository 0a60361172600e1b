import { UserError } from '../../user-error.ts';

/** There is nobody at the address, or nobody who speaks the API. */
export function unreachable(address: string, cause: unknown): UserError {
  return new UserError(`cannot reach pulsar at ${address}: ${reasonOf(cause)}`, {
    code: 'pulsar.unreachable',
    exitCode: 3,
    hint: 'start one with: npx mqbench up pulsar',
    cause,
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
      ...(status === 401 || status === 403 ? { hint: "check the token in the target's configuration" } : {}),
    });
    this.name = 'AdminRefusal';
    this.status = status;
  }
}

/** `{"reason":"…"}`, or text */
function reasonIn(body: string): string {
  const reason = /"reason"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
  const [first = ''] = (reason ?? body).trim().split('\n', 1);
  return first.startsWith('<') ? '' : first.slice(0, 200);
}
