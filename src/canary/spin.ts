/** What one unit of work comes to: some 280 µs on a machine of 2023. */
const STEPS = 200_000;

/** Until the compiler is done with it. */
const WARM_UP = 20;

/**
 * How long a fixed amount of arithmetic takes: what the processor gives to a thread that has something to do.
 * @returns µs of each unit
 */
export function spin(units: number): readonly number[] {
  const durationsUs: number[] = [];
  let state = 1;
  for (let unit = -WARM_UP; unit < units; unit++) {
    const beganMs = performance.now();
    state = work(state);
    if (unit >= 0) durationsUs.push((performance.now() - beganMs) * 1000);
  }
  // a xorshift never comes to 0, so that nobody can leave the work out
  if (state === 0) throw new Error('a xorshift came to 0');
  return durationsUs;
}

/** Marsaglia's xorshift (Journal of Statistical Software 8/14, 2003): each step needs the one before. */
function work(seed: number): number {
  let state = seed;
  for (let step = 0; step < STEPS; step++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  return state;
}
