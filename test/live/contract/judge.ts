import { ContractRefused } from '../../../src/drivers/index.ts';
import { sockets, socketsAtMost } from './sockets.ts';
import { NotApplicable } from './suite-target.ts';
import type { ContractCase, JudgedTarget } from './suite-target.ts';

/** What a case came to where it did not fail and, where it is not `pass`, the reason that the driver gave. */
export interface Judgement {
  readonly verdict: 'pass' | 'not applicable' | 'refused';
  readonly reason?: string;
}

/** Throws what the case fails with. */
export async function judge(target: JudgedTarget, each: ContractCase): Promise<Judgement> {
  try {
    const socketsBefore = sockets();
    await each.run(target);
    // what a case opened it has closed: a connection that is left would keep the process alive
    await socketsAtMost(socketsBefore, 5000);
    return { verdict: 'pass' };
  } catch (error) {
    if (error instanceof NotApplicable) return { verdict: 'not applicable', reason: error.message };
    if (error instanceof ContractRefused) {
      // or a driver that refuses everything would pass
      await using driver = await target.connect();
      if (target.refuses(error.contract, driver.server)) return { verdict: 'refused', reason: error.message };
    }
    throw error;
  }
}
