import { UserError } from '../../user-error.ts';
import type { Endpoint } from './endpoint.ts';

const START = 'start one with: npx mqbench up rabbitmq';

/** What is asked for is not on the broker (any more): trying again would not help. */
export class Gone extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Gone';
  }
}

/** Why there is no connection, for a person. Holds no password: neither Node nor amqplib puts one in an error. */
export function connectFailure(error: unknown, { address, username, vhost }: Endpoint): UserError {
  const text = reasonOf(error);
  if (/ACCESS[-_]REFUSED/.test(text)) {
    return new UserError(`RabbitMQ at ${address} refused the login of user ${username}`, {
      code: 'driver.login-refused',
      exitCode: 3,
      hint: "check the user and the password in the target's url; guest may only log in from the same host",
      cause: error,
    });
  }
  // connection.open is only answered by a close when the virtual host is not for us
  if (text.includes('Expected ConnectionOpenOk')) {
    return new UserError(`RabbitMQ at ${address} has no virtual host ${vhost} for user ${username}`, {
      code: 'driver.no-virtual-host',
      exitCode: 3,
      hint: "check the path of the target's url; without one it is the virtual host /",
      cause: error,
    });
  }
  return new UserError(`no RabbitMQ at ${address}: ${text}`, {
    code: 'driver.unreachable',
    exitCode: 3,
    hint: START,
    cause: error,
  });
}

/** Why nothing can be published now: the server's own words of an alarm, `low on memory`. */
export function blockedFailure(reason: string, address: string): UserError {
  return new UserError(`RabbitMQ at ${address} blocks producers: ${reason}`, {
    code: 'driver.blocked',
    exitCode: 3,
    hint: unblocking(reason),
  });
}

/** What to do about an alarm (https://www.rabbitmq.com/docs/alarms). */
export function unblocking(reason: string): string {
  const memory = 'purge queues, or allow it more memory: rabbitmqctl set_vm_memory_high_watermark 0.6';
  const disk = 'free space on the disk of its data, or lower the limit: rabbitmqctl set_disk_free_limit 50MB';
  const remedies = [
    ...(reason.includes('memory') ? [memory] : []),
    ...(reason.includes('disk') ? [disk] : []),
    'rabbitmq-diagnostics alarms tells which alarms are on',
  ];
  return remedies.join('; ');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'connection refused';
  // Node gives no message for a name with several addresses, and OpenSSL's go over several lines
  return error.message.split('\n', 1)[0] || code;
}

/** The server closed a channel because a queue or an exchange is not there (404), for good. */
export function isGone(error: unknown): boolean {
  // a queue whose node is down is a 404 too, but may come back
  return replyCode(error) === 404 && error instanceof Error && /no (queue|exchange)/.test(error.message);
}

/** AMQP's reply code, which amqplib keeps in `code` */
export function replyCode(error: unknown): number | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** A limit that the server told when it refused a message. */
export interface SizeRefusal {
  readonly sizeBytes: number;
  readonly maxBytes: number;
}

/** Reads the 406 with which RabbitMQ closes the channel of a message over its `max_message_size`. */
export function sizeRefusal(error: unknown): SizeRefusal | undefined {
  // rabbit_channel.erl, check_msg_size/3, worded alike in 3.8 to 4.3
  const match = /message size (\d+) is larger than (?:configured )?max size (\d+)/.exec(
    error instanceof Error ? error.message : '',
  );
  if (match === null) return undefined;
  return { sizeBytes: Number(match[1]), maxBytes: Number(match[2]) };
}
