import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deletingTopology } from '../../src/run/deleting-topology.ts';
import { UserError } from '../../src/user-error.ts';

const REFUSED = new UserError('message refused', { code: 'x.refused', exitCode: 3, hint: 'make it smaller' });

/** A driver that counts its deletions, or cannot delete. */
function driver(broken?: Error): { deletions: number; deleteTopology(): Promise<void> } {
  return {
    deletions: 0,
    async deleteTopology() {
      this.deletions++;
      if (broken !== undefined) throw broken;
    },
  };
}

describe('work that needs a topology', () => {
  it('ends with the topology deleted, whether it succeeds or fails', async () => {
    const one = driver();
    assert.equal(await deletingTopology(one, () => Promise.resolve('done')), 'done');
    await assert.rejects(
      deletingTopology(one, () => Promise.reject(REFUSED)),
      REFUSED,
    );
    assert.equal(one.deletions, 2);
  });

  it('fails when the deletion alone fails', async () => {
    const gone = new Error('broker gone');
    await assert.rejects(
      deletingTopology(driver(gone), () => Promise.resolve('done')),
      gone,
    );
  });

  it('keeps its result when the deletion alone fails and somebody wants to know', async () => {
    const gone = new Error('broker gone');
    const told: unknown[] = [];
    const work = (): Promise<string> => Promise.resolve('done');
    assert.equal(await deletingTopology(driver(gone), work, (error) => told.push(error)), 'done');
    assert.deepEqual(told, [gone]);
  });

  it('that fails with its deletion says why it failed, and that something may be left', async () => {
    await assert.rejects(
      deletingTopology(driver(new Error('broker gone')), () => Promise.reject(REFUSED)),
      {
        message: 'message refused',
        code: 'x.refused',
        exitCode: 3,
        hint: 'make it smaller\nwhat was created for it may be left on the broker: mqbench clean deletes it',
        cause: REFUSED,
      },
    );
  });

  it('that is interrupted says so when something may be left, and is a plain interruption otherwise', async () => {
    const interruption = Object.assign(new Error('interrupted'), { name: 'AbortError' });
    const work = (): Promise<never> => Promise.reject(interruption);

    await assert.rejects(deletingTopology(driver(), work), interruption);
    await assert.rejects(deletingTopology(driver(new Error('broker gone')), work), {
      message: 'interrupted, and cleaning up failed: broker gone',
      exitCode: 130,
      hint: 'what was created for it may be left on the broker: mqbench clean deletes it',
    });
  });

  it('that fails by a bug of ours keeps it', async () => {
    const bug = new TypeError('x is undefined');
    await assert.rejects(
      deletingTopology(driver(new Error('broker gone')), () => Promise.reject(bug)),
      bug,
    );
  });
});
