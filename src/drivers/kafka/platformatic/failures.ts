import { ResponseError } from '@platformatic/kafka';
import type { SendOutcome } from '../../errors.ts';
import type { PartitionBatch } from '../client.ts';
import { outcomeOfCode } from '../outcome.ts';
import { codeOf, isBeforeWriting, leaves, nameOf } from './errors.ts';

export interface Failure {
  readonly outcome: SendOutcome;
  readonly reason: string;
}

/**
 * What a rejected send says of each partition in it. The error holds the answers of the brokers that gave
 * one, so that a partition may have been acknowledged although the call was rejected.
 */
export function failuresOf(
  error: unknown,
  batches: readonly PartitionBatch[],
  acks: 0 | 1 | -1,
): ReadonlyMap<number, Failure> {
  const answers = answersIn(error);
  const others = leaves(error).filter((leaf) => codeOf(leaf) === undefined && !isBeforeWriting(leaf));
  const failures = new Map<number, Failure>();
  for (const { partition, messages } of batches) {
    const code = answers.get(partition);
    if (code === 0) continue;
    failures.set(
      partition,
      failureOf(error, code, { messages: messages.length, acks, isOpen: others.length > 0 }),
    );
  }
  return failures;
}

interface Circumstances {
  readonly messages: number;
  readonly acks: 0 | 1 | -1;
  /** some attempt may have been written, and its answer is not known */
  readonly isOpen: boolean;
}

function failureOf(
  error: unknown,
  code: number | undefined,
  { messages, acks, isOpen }: Circumstances,
): Failure {
  const reason = leaves(error).at(-1);
  const message = reason === undefined ? 'not acknowledged' : (nameOf(reason) ?? reason.message);
  if (isOpen) return { outcome: 'unknown', reason: message };
  if (code === undefined) {
    // an answer without partitions is one to metadata or InitProducerId
    return { outcome: 'failed', reason: message };
  }
  const outcome = outcomeOfCode(code, acks);
  // refused is the batch, while each message of it is small enough: max.message.bytes was lowered since
  return { outcome: outcome === 'refused' && messages > 1 ? 'failed' : outcome, reason: message };
}

interface ProduceAnswer {
  readonly responses?: readonly {
    readonly partitionResponses?: readonly { readonly index: number; readonly errorCode: number }[];
  }[];
}

/** Error codes by partition, those of the last attempt. */
function answersIn(error: unknown): Map<number, number> {
  const answers = new Map<number, number>();
  const visit = (node: unknown): void => {
    if (node instanceof ResponseError) {
      const answer = node['response'] as ProduceAnswer | undefined;
      for (const { partitionResponses } of answer?.responses ?? []) {
        for (const { index, errorCode } of partitionResponses ?? []) answers.set(index, errorCode);
      }
    } else if (node instanceof AggregateError) node.errors.forEach(visit);
  };
  visit(error);
  return answers;
}
