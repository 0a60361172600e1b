/** Chooses a message's partition. */
export type Route = (key: string | undefined) => number;

/** The same key goes to the same partition, always and from every producer; messages without key take turns. */
export function routeOver(partitions: number): Route {
  let turn = 0;
  return (key) => (key === undefined ? turn++ : hash(key)) % partitions;
}

/** FNV-1a of the UTF-16 code units, 32 bit, then MurmurHash3's finaliser, because FNV's low bits are uneven. */
function hash(key: string): number {
  let h = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) h = Math.imul(h ^ key.charCodeAt(index), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
