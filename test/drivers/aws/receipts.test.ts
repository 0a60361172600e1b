import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { type Receipt, Receipts } from '../../../src/drivers/aws/receipts.ts';

/** Requests that are answered when the test says so. */
class Requests {
  readonly sent: string[] = [];
  readonly #answers: (() => void)[] = [];

  readonly request = async (receipts: readonly Receipt[]): Promise<readonly Receipt[]> => {
    this.sent.push(receipts.map(({ handle }) => handle).join(' '));
    await new Promise<void>((resolve) => this.#answers.push(resolve));
    return [];
  };

  async answer(): Promise<void> {
    this.#answers.shift()?.();
    await setImmediate();
  }
}

function receiptsOf({ request }: Requests): Receipts {
  return new Receipts({ lingerMs: 0, requests: 1, request, validMs: 30_000 });
}

async function add(receipts: Receipts, ...handles: readonly string[]): Promise<void> {
  for (const handle of handles) receipts.add({ handle, seconds: 0 });
  await setImmediate();
  await setImmediate();
}

describe('receipts that leave at once', () => {
  it('wait for the request before them, and no longer', async () => {
    const requests = new Requests();
    const receipts = receiptsOf(requests);
    await add(receipts, 'a', 'b');
    await add(receipts, 'c');
    await add(receipts, 'd');
    assert.deepEqual(requests.sent, ['a b']);
    await requests.answer();
    assert.deepEqual(requests.sent, ['a b', 'c d']);
    await requests.answer();
    await receipts.close();
  });

  it('leave beside it when they fill a batch', async () => {
    const requests = new Requests();
    const receipts = receiptsOf(requests);
    await add(receipts, 'first');
    const ten = Array.from({ length: 10 }, (_, n) => String(n));
    await add(receipts, ...ten, 'eleventh');
    assert.deepEqual(requests.sent, ['first', ten.join(' ')]);
    await requests.answer();
    assert.deepEqual(requests.sent.slice(2), [], 'one of two is still under way');
    await requests.answer();
    assert.deepEqual(requests.sent.slice(2), ['eleventh']);
    await requests.answer();
    await receipts.close();
  });

  it('leave when it is closed', async () => {
    const requests = new Requests();
    const receipts = receiptsOf(requests);
    await add(receipts, 'a');
    await add(receipts, 'b');
    const closed = receipts.close();
    assert.deepEqual(requests.sent, ['a', 'b']);
    await requests.answer();
    await requests.answer();
    await closed;
  });
});
