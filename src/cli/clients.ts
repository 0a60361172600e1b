import { driverNamed } from '../drivers/index.ts';
import type { ClientInfo } from '../drivers/index.ts';
import type { Target } from '../scenario/index.ts';

/**
 * Loads the client that a target is reached with.
 * @throws UserError (exit code 3) where it cannot be used on this machine, with what to do about it
 */
export async function loadClient({ driver, config }: Target): Promise<ClientInfo> {
  const module = driverNamed(driver);
  if (module === undefined) throw new Error(`no driver ${driver}`);
  return module.loadClient(config);
}
