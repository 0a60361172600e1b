import { randomUUID } from 'node:crypto';
import type { Subscription } from '../driver.ts';
import type { Wire } from './connection.ts';
import { membersName, ownersName, streamName } from './names.ts';

/**
 * How long a consumer that says nothing keeps its partitions, ms. Longer than any pause of an agent and than
 * the restart of a broker, since the order of a partition holds only while it has one owner.
 */
export const LEASE_MS = 5_000;

/**
 * Renews the lease, gives back what the caller has finished with, and spreads the partitions over those whose
 * lease holds: of n consumers, number i (in order of their names) is to have the partitions p with p mod n = i.
 * One is taken only when it has no owner any more; one to give back stays until the owner says so.
 * KEYS members, owners, stream of each partition. ARGV name, lease ms, finished partitions ….
 * Returns: owned and to keep, owned and to give back, how many are to be its own.
 */
const SHARE = `
local me, partitions = ARGV[1], #KEYS - 2
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), me)
for i = 3, #ARGV do
  if redis.call('HGET', KEYS[2], ARGV[i]) == me then redis.call('HDEL', KEYS[2], ARGV[i]) end
end
local members = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(members)
local keep, release, due = {}, {}, 0
for p = 0, partitions - 1 do
  local owner = redis.call('HGET', KEYS[2], p)
  if owner and not redis.call('ZSCORE', KEYS[1], owner) then owner = false end
  if members[p % #members + 1] == me then
    due = due + 1
    if not owner then redis.call('HSET', KEYS[2], p, me) owner = me end
    if owner == me then keep[#keep + 1] = p end
  elseif owner == me then release[#release + 1] = p end
end
return {keep, release, due}`;

/**
 * Gives everything back at once. A consumer of the group that still holds messages stays in it, for with its
 * name XGROUP DELCONSUMER would delete that they are unsettled.
 */
const LEAVE = `
local me, group = ARGV[1], ARGV[2]
redis.call('ZREM', KEYS[1], me)
for p = 0, #KEYS - 3 do
  if redis.call('HGET', KEYS[2], p) == me then redis.call('HDEL', KEYS[2], p) end
  local stream = KEYS[p + 3]
  if redis.call('EXISTS', stream) == 1 and #redis.call('XPENDING', stream, group, '-', '+', 1, me) == 0 then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, me)
  end
end
return 1`;

export interface Share {
  readonly keep: readonly number[];
  readonly release: readonly number[];
  readonly due: number;
}

/**
 * A consumer's place among those of its subscription, whichever agents they are in. Redis itself gives each
 * entry of a stream to whoever asks first, so that no order would be left; here a partition has one owner, by
 * a lease on the server's clock. A consumer that closes gives back at once; one that dies is believed gone
 * when its lease has ended.
 */
export class Group {
  /** of the consumer, in this group and in Redis's own */
  readonly name = randomUUID();
  readonly #subscription: Subscription;
  readonly #keys: readonly string[];

  constructor(subscription: Subscription, partitions: number) {
    this.#subscription = subscription;
    const streams = Array.from({ length: partitions }, (_, each) => streamName(subscription.topic, each));
    this.#keys = [membersName(subscription), ownersName(subscription), ...streams];
  }

  async share(wire: Wire, finished: readonly number[]): Promise<Share> {
    const reply = await wire.call([
      'EVAL',
      SHARE,
      String(this.#keys.length),
      ...this.#keys,
      this.name,
      String(LEASE_MS),
      ...finished.map(String),
    ]);
    const [keep, release, due]: readonly unknown[] = Array.isArray(reply) ? reply : [];
    return { keep: numbers(keep), release: numbers(release), due: Number(due) };
  }

  async leave(wire: Wire): Promise<void> {
    const { name } = this.#subscription;
    await wire.call(['EVAL', LEAVE, String(this.#keys.length), ...this.#keys, this.name, name]);
  }
}

function numbers(reply: unknown): readonly number[] {
  return Array.isArray(reply) ? reply.map(Number) : [];
}
