import { createHash } from 'node:crypto';
import type { Subscription } from '../driver.ts';

/** Of a queue's name, with `.fifo`; a topic's may have 256, and keeps to it as well. */
const MAX_NAME_LENGTH = 80;
const FIFO = '.fifo';
/** SQS takes letters, digits, dashes and underscores; ours have no underscore. */
const DOT = '_';
const BEFORE_SUBSCRIPTION = '__';
const HASH_LENGTH = 10;

export type QueueKind = 'standard' | 'fifo';

/** The name on AWS of what is called `mqbench.<campaign>…` here. */
export function awsName(name: string, kind: QueueKind): string {
  const suffix = kind === 'fifo' ? FIFO : '';
  return shortened(encoded(name), MAX_NAME_LENGTH - suffix.length) + suffix;
}

/** Of the queue of one of several subscriptions of a topic. */
export function subscriptionName({ topic, name }: Subscription, kind: QueueKind): string {
  const suffix = kind === 'fifo' ? FIFO : '';
  const long = `${encoded(topic)}${BEFORE_SUBSCRIPTION}${name}`;
  return shortened(long, MAX_NAME_LENGTH - suffix.length) + suffix;
}

/** `mqbench.x.t1.stream`, or `mqbench.x.t1.stream/fulfilment`. Of a shortened name the head alone is true. */
export function ownName(nameOnAws: string): string {
  const bare = nameOnAws.endsWith(FIFO) ? nameOnAws.slice(0, -FIFO.length) : nameOnAws;
  return bare.replace(BEFORE_SUBSCRIPTION, '/').replaceAll(DOT, '.');
}

export function encoded(name: string): string {
  return name.replaceAll('.', DOT);
}

/** Deterministic, so that every agent comes to the same name. */
function shortened(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${name.slice(0, maxLength - HASH_LENGTH - 1)}-${hash}`;
}
