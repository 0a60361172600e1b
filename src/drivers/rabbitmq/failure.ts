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

/** A queue did not say what it was asked, as one without a leader does not: it may later. */
export class Unanswered extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unanswered';
  }
}

/** Why there is no connection, for a person. Holds no password: neither Node nor amqplib puts one in an error. */
export function connectFailure(error: unknown, endpoint: Endpoint): UserError {
  const { address, username, vhost, tls } = endpoint;
  const text = reasonOf(error);
  if (/ACCESS[-_]REFUSED/.test(text)) {
    return new UserError(`RabbitMQ at ${address} refused the login of user ${username}`, {
      code: 'driver.login-refused',
      exitCode: 3,
      hint: "check the user and the password in the target's url; guest may only log in from the same host",
      cause: error,
    });
  }
  const certificate = CERTIFICATE_CODES[codeOf(error)];
  if (certificate !== undefined) {
    return new UserError(`RabbitMQ at ${address} has a certificate that ${certificate}`, {
      code: 'driver.certificate',
      exitCode: 3,
      hint: 'name the authority that signed it: NODE_EXTRA_CA_CERTS=ca.pem; and use the host that it is made out to',
      cause: error,
    });
  }
  // what a server without TLS answers to its handshake is no TLS
  if (
    codeOf(error) === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    codeOf(error) === 'ERR_SSL_PACKET_LENGTH_TOO_LONG'
  ) {
    return new UserError(`RabbitMQ at ${address} does not speak TLS on this port`, {
      code: 'driver.tls',
      exitCode: 3,
      hint: "use amqp:// in the target's url, or the port of the TLS listener, usually 5671",
      cause: error,
    });
  }
  // connection.open is only answered by a close when the virtual host is not for us
  if (text.includes('Expected ConnectionOpenOk')) {
    return new UserError(`RabbitMQ at ${address} has no virtual host ${vhost} for user ${username}`, {
      code: 'driver.no-virtual-host',
      exitCode: 3,
      hint: `check the path of the target's url, which is / without one; or let the user in: rabbitmqctl ${grant(vhost, username)}`,
      cause: error,
    });
  }
  // what a TLS listener does with what is no TLS; so do others that speak no AMQP
  if (!tls && (codeOf(error) === 'ECONNRESET' || text.includes('closed abruptly'))) {
    return new UserError(`what listens at ${address} hangs up on AMQP without TLS: ${text}`, {
      code: 'driver.no-amqp',
      exitCode: 3,
      hint: "if it is the TLS listener, use amqps:// in the target's url; else name the port of RabbitMQ",
      cause: error,
    });
  }
  // it is another server's greeting that is taken for the size of a frame
  if (/Frame size \d+ exceeds/.test(text)) {
    return new UserError(`what listens at ${address} does not answer as RabbitMQ`, {
      code: 'driver.no-amqp',
      exitCode: 3,
      hint: "name the port of RabbitMQ's AMQP listener in the target's url, usually 5672",
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
function unblocking(reason: string): string {
  const memory = 'purge queues, or allow it more memory: rabbitmqctl set_vm_memory_high_watermark 0.6';
  const disk = 'free space on the disk of its data, or lower the limit: rabbitmqctl set_disk_free_limit 50MB';
  const remedies = [
    ...(reason.includes('memory') ? [memory] : []),
    ...(reason.includes('disk') ? [disk] : []),
    'rabbitmq-diagnostics alarms tells which alarms are on',
  ];
  return remedies.join('; ');
}

/** Node's and OpenSSL's codes for a certificate that is not accepted, in words. */
const CERTIFICATE_CODES: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by itself, and by no authority known here',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is signed by an authority not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority not known here',
  CERT_HAS_EXPIRED: 'has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is made out to another host',
};

/** What mqbench needs: its own names, and the default exchange, through which `store` publishes. */
function grant(vhost: string, username: string): string {
  return `set_permissions -p ${vhost} ${username} '^mqbench[.]' '^(mqbench[.]|amq[.]default$)' '^mqbench[.]'`;
}

/**
 * Why the server would not do something on a channel, for a person, where it is for them to mend; else the error
 * as it is. Which permission was missing is told by the method, as 3.10 does not say.
 */
export function channelFailure(error: unknown, address: string): unknown {
  const text = error instanceof Error ? error.message : '';
  // rabbit_access_control.erl, check_resource_access
  const access = /access to (\w+) '([^']*)' in vhost '([^']*)' refused for user '([^']*)'/.exec(text);
  if (access !== null) {
    const [, kind = '', name = '', vhost = '', user = ''] = access;
    const permission = permissionFor(text, kind);
    return new UserError(
      `RabbitMQ at ${address} does not let user ${user} ${permission} the ${kind} ${name} in virtual host ${vhost}`,
      {
        code: permission === 'configure' ? 'driver.may-not-configure' : 'driver.no-permission',
        exitCode: 3,
        hint: `let it: rabbitmqctl ${grant(vhost, user)}`,
        cause: error,
      },
    );
  }
  // rabbit_misc.erl, assert_args_equivalence
  const other =
    /inequivalent arg '([^']*)' for (\w+) '([^']*)' in vhost '[^']*': received (?:the value )?(none|'[^']*').* but current is (?:the value )?(none|'[^']*')/.exec(
      text,
    );
  if (other === null) return error;
  const [, argument = '', kind = '', name = '', wanted = '', current = ''] = other;
  return new UserError(
    `the ${kind} ${name} exists on RabbitMQ at ${address} with ${argument} ${unquoted(current)}, where ${unquoted(wanted)} was asked for`,
    {
      code: 'driver.exists',
      exitCode: 3,
      hint:
        kind === 'queue'
          ? `if nobody needs it any more: rabbitmqctl delete_queue ${name}`
          : 'if nobody needs it any more, delete it: npx mqbench clean --target rabbitmq',
      cause: error,
    },
  );
}

/** Whether what was to be created is someone else's, or was not created at all: it is not ours to delete. */
export function isNotCreated(error: unknown): boolean {
  return (
    error instanceof UserError &&
    (error.code === 'driver.exists' || error.code === 'driver.may-not-configure')
  );
}

/** https://www.rabbitmq.com/docs/access-control: which operation needs which permission */
function permissionFor(text: string, kind: string): 'configure' | 'write' | 'read' {
  const said = /(configure|write|read) access to/.exec(text)?.[1];
  if (said === 'configure' || said === 'write' || said === 'read') return said;
  if (/(Declare|Delete);/.test(text)) return 'configure';
  if (/(QueueBind|QueueUnbind);/.test(text)) return kind === 'queue' ? 'write' : 'read';
  return /(BasicConsume|BasicGet|QueuePurge);/.test(text) ? 'read' : 'write';
}

function unquoted(text: string): string {
  return text.replaceAll("'", '');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
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
