/** Chooses a message's partition, as the routing key it is bound with. */
export type Route = (key: string | undefined) => string;

export function routingKeys(partitions: number): readonly string[] {
  return Array.from({ length: partitions }, (_, partition) => String(partition));
}

/** The same key goes to the same partition, always and from every producer; messages without key take turns. */
export function routeOver(partitions: number): Route {
  const names = routingKeys(partitions);
  let turn = 0;
  return (key) => {
    const partition = key === undefined ? turn++ % partitions : hash(key) % partitions;
    const name = names[partition];
    if (name === undefined) throw new RangeError(`partition ${partition} of ${partitions}`);
    return name;
  };
}

/**
 * FNV-1a of the UTF-16 code units, 32 bit, then MurmurHash3's finaliser, because FNV's low bits of keys that
 * differ in their last digit only are not evenly spread.
 */
function hash(key: string): number {
  let h = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) h = Math.imul(h ^ key.charCodeAt(index), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
