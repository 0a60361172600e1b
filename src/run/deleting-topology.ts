import type { Driver } from '../drivers/index.ts';

/**
 * Does some work that needs the driver's topology, and deletes it however the work ends. Where both fail, the
 * work's failure is the one to tell: the broker is probably gone, and `mqbench clean` finds what is left on it.
 */
export async function deletingTopology<T>(driver: Driver, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await Promise.allSettled([driver.deleteTopology()]);
    throw error;
  }
  await driver.deleteTopology();
  return result;
}
