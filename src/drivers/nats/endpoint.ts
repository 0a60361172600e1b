/** Where NATS is, and as whom to log in. Only `address` may be printed. */
export interface Endpoint {
  /** `host:port`, several of them with commas */
  readonly address: string;
  readonly servers: readonly string[];
  readonly tls: boolean;
  /** user and password, or a token, or nobody */
  readonly login: Readonly<Record<'user' | 'pass' | 'token', string | undefined>>;
}

/**
 * Reads one NATS URL, or several with commas between them, as NATS's own tools do; the login of the first
 * holds for all. Undefined for what is none.
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const urls = text.split(',').map(parsed);
  const valid = urls.filter((url) => url !== undefined);
  const [first] = valid;
  if (first === undefined || valid.length < urls.length) return undefined;
  const [user, pass] = [decoded(first.username), decoded(first.password)];
  if (user === undefined || pass === undefined) return undefined;
  const isToken = user !== '' && pass === '';
  const servers = valid.map(({ hostname, port }) => `${hostname}:${port === '' ? 4222 : port}`);
  return {
    address: servers.join(','),
    servers,
    tls: first.protocol === 'tls:',
    login: {
      user: isToken || user === '' ? undefined : user,
      pass: isToken || user === '' ? undefined : pass,
      token: isToken ? user : undefined,
    },
  };
}

function parsed(text: string): URL | undefined {
  const trimmed = text.trim();
  if (!/^(nats|tls):\/\//.test(trimmed) || !URL.canParse(trimmed)) return undefined;
  const url = new URL(trimmed);
  return url.hostname === '' ? undefined : url;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // a stray % sign; said by the caller, without the value
    return undefined;
  }
}
