import type { SendOutcome } from '../errors.ts';

/**
 * What an error code of a produce response says about the records of its partition. A code that a broker
 * may also answer after the append (REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS_AFTER_APPEND), and any that is
 * not listed, leaves it open.
 * Source: https://kafka.apache.org/protocol#protocol_error_codes
 */
export function outcomeOfCode(code: number, acks: 0 | 1 | -1): SendOutcome {
  if (refusedCodes.has(code)) return 'refused';
  // with acks=all it is also the answer when leadership is lost between the append and its replication
  if (code === notLeaderOrFollower) return acks === -1 ? 'unknown' : 'failed';
  return failedCodes.has(code) ? 'failed' : 'unknown';
}

const notLeaderOrFollower = 6;

const refusedCodes: ReadonlySet<number> = new Set([
  10, // MESSAGE_TOO_LARGE
  17, // INVALID_TOPIC_EXCEPTION
  18, // RECORD_LIST_TOO_LARGE
  29, // TOPIC_AUTHORIZATION_FAILED
  31, // CLUSTER_AUTHORIZATION_FAILED
  32, // INVALID_TIMESTAMP
  44, // POLICY_VIOLATION
  87, // INVALID_RECORD
]);

const failedCodes: ReadonlySet<number> = new Set([
  2, // CORRUPT_MESSAGE
  3, // UNKNOWN_TOPIC_OR_PARTITION
  5, // LEADER_NOT_AVAILABLE
  19, // NOT_ENOUGH_REPLICAS: checked before the append
  21, // INVALID_REQUIRED_ACKS
  45, // OUT_OF_ORDER_SEQUENCE_NUMBER
  47, // INVALID_PRODUCER_EPOCH
  58, // SASL_AUTHENTICATION_FAILED
  59, // UNKNOWN_PRODUCER_ID
  89, // THROTTLING_QUOTA_EXCEEDED
]);
