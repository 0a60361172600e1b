/**
 * Where a target is.
 *
 * - `embedded`: neither region nor endpoint; a run starts the emulator inside mqbench and fills the endpoint in
 * - `emulator`: an endpoint that is not of AWS
 * - `aws`: the service itself. Every request is billed.
 */
export type Place = 'embedded' | 'emulator' | 'aws';

/**
 * Told by the configuration alone. AWS_REGION, AWS_ENDPOINT_URL and profiles have no say, so that a shell's
 * settings never turn the emulator into AWS or AWS into an emulator (`RequestWatch` guards the latter).
 */
export function placeOf({
  endpoint,
  region,
}: {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
}): Place {
  if (endpoint === undefined) return region === undefined ? 'embedded' : 'aws';
  return isAmazonHost(new URL(endpoint).hostname) ? 'aws' : 'emulator';
}

/** amazonaws.com, that of China, and the dual-stack endpoints under api.aws */
export function isAmazonHost(host: string): boolean {
  return /(^|\.)(amazonaws\.com(\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$/.test(host);
}
