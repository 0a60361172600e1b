import { UserError } from '../../user-error.ts';
import { isAmazonHost, type Place } from './place.ts';
import { isThrottling } from './failure.ts';

/** As far as we look into what the SDK's middleware carries. */
interface Attempted {
  readonly response: unknown;
  readonly output?: object;
}

/**
 * Sees every attempt of every request of a driver, also the SDK's own retries: each is billed. Counts them by
 * action, those that were throttled and receives that brought nothing apart, and notes what the server says
 * of itself.
 */
export class RequestWatch {
  readonly #place: Place;
  readonly #counts = new Map<string, number>();
  /** headers of the latest answer */
  headers: Readonly<Record<string, string>> = {};

  constructor(place: Place) {
    this.#place = place;
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * @param command the SDK's name of the action: `SendMessageBatchCommand`
   * @throws UserError when a request that is meant for AWS would go elsewhere
   */
  async attempt<A extends Attempted>(
    command: unknown,
    request: unknown,
    proceed: () => Promise<A>,
  ): Promise<A> {
    const action = String(command).replace(/Command$/, '');
    this.#requireAws(request);
    try {
      const answer = await proceed();
      const { headers } = answer.response as { headers?: Record<string, string> };
      this.headers = headers ?? {};
      const isEmpty = action === 'ReceiveMessage' && !hasMessages(answer.output ?? {});
      this.#count(isEmpty ? `${action} empty` : action);
      return answer;
    } catch (error) {
      this.#count(isThrottling(error) ? `${action} throttled` : action);
      throw error;
    }
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** The SDK follows AWS_ENDPOINT_URL, and `endpoint_url` of a profile, where no endpoint is configured. */
  #requireAws(request: unknown): void {
    if (this.#place !== 'aws') return;
    const { hostname = '' } = request as { hostname?: string };
    if (isAmazonHost(hostname)) return;
    throw new UserError(`this target is AWS itself, and the environment leads to ${hostname}`, {
      code: 'driver.diverted',
      exitCode: 3,
      hint: 'unset AWS_ENDPOINT_URL (and endpoint_url of the profile), or give the target that endpoint:',
    });
  }
}

function hasMessages(output: object): boolean {
  return 'Messages' in output && Array.isArray(output.Messages) && output.Messages.length > 0;
}
