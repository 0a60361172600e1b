import type { Driver } from '../drivers/index.ts';
import { UserError } from '../user-error.ts';

/**
 * Does some work that needs the driver's topology, and deletes it however the work ends. Where both fail, the
 * work's failure is the one to tell, with what to do about what is left: the broker is probably gone.
 *
 * @param onLeft told that the deletion failed after work that succeeded; without it, that is thrown
 */
export async function deletingTopology<T>(
  driver: Pick<Driver, 'deleteTopology'>,
  work: () => Promise<T>,
  onLeft?: (error: unknown) => void,
): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    const [deletion] = await Promise.allSettled([driver.deleteTopology()]);
    throw deletion.status === 'rejected' ? leavingSomething(error, deletion.reason) : error;
  }
  try {
    await driver.deleteTopology();
  } catch (error) {
    if (onLeft === undefined) throw error;
    onLeft(error);
  }
  return result;
}

/** A bug stays what it is. */
function leavingSomething(cause: unknown, reason: unknown): unknown {
  const left = 'what was created for it may be left on the broker: mqbench clean deletes it';
  if (cause instanceof UserError) {
    const { message, code, exitCode, hint = '' } = cause;
    return new UserError(message, { code, exitCode, hint: `${hint}\n${left}`.trim(), cause });
  }
  if (!(cause instanceof Error) || cause.name !== 'AbortError') return cause;
  const why = reason instanceof Error ? reason.message : String(reason);
  return new UserError(`interrupted, and cleaning up failed: ${why}`, {
    code: 'run.left-behind',
    exitCode: 130,
    hint: left,
    cause: reason,
  });
}
