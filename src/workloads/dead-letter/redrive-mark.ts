import type { Headers, ReceivedMessage } from '../../drivers/index.ts';

/** Tells a message that was sent again from the dead letters. */
export const REDRIVEN: Headers = { 'mqbench-redriven': '1' };

export function isRedriven({ headers }: ReceivedMessage): boolean {
  return headers?.['mqbench-redriven'] === '1';
}
