/** Where a RabbitMQ is, and as whom to log in. Only `address` and `username` may be printed. */
export interface Endpoint {
  /** `host:port` */
  readonly address: string;
  readonly tls: boolean;
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly vhost: string;
}

/** Reads an AMQP URL (https://www.rabbitmq.com/docs/uri-spec); undefined for one that is none. */
export function parseEndpoint(url: string): Endpoint | undefined {
  if (!/^amqps?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const tls = protocol === 'amqps:';
  const texts = [username, password, pathname.slice(1)].map(decoded);
  const [user, pass, vhost] = texts;
  if (hostname === '' || user === undefined || pass === undefined || vhost === undefined) return undefined;
  const anonymous = user === '' && pass === '';
  const portNumber = port === '' ? (tls ? 5671 : 5672) : Number(port);
  return {
    address: `${hostname}:${portNumber}`,
    tls,
    // IPv6 is bracketed in a URL only
    hostname: hostname.replaceAll(/^\[|\]$/g, ''),
    port: portNumber,
    username: anonymous ? 'guest' : user,
    password: anonymous ? 'guest' : pass,
    vhost: vhost === '' ? '/' : vhost,
  };
}

/**
 * The nodes that a configuration names, in its order.
 * @throws TypeError for a configuration that was not validated
 */
export function endpointsOf(url: string | readonly string[]): readonly Endpoint[] {
  return [url].flat().map((each) => {
    const endpoint = parseEndpoint(each);
    if (endpoint === undefined) throw new TypeError('the configuration was not validated: its url is none');
    return endpoint;
  });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // a stray % sign; said by the caller, without the value
    return undefined;
  }
}
