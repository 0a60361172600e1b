import type { Capabilities } from '../driver.ts';
import type { AwsConfig } from './config.ts';
import { maxPayloadBytes } from './message.ts';
import { placeOf } from './place.ts';

/** What SQS, and SNS before it, can do. */
export function capabilitiesOf(config: AwsConfig): Capabilities {
  const isEmulated = placeOf(config) !== 'aws';
  return {
    ordering: config.fifo ? 'key' : 'none',
    settlements: ['done', 'retry', 'reject'],
    // ApproximateReceiveCount; SQS may deliver a message twice without counting, which it calls rare
    marksRedeliveries: true,
    emulated: isEmulated,
    ...(isEmulated ? {} : { billed: 'per request' }),
    retryDelay: 'broker',
    // after the last attempt; a rejected one is moved by mqbench
    deadLetters: 'broker',
    // an emulator may take less than AWS: fauxqs counts base64
    maxMessageBytes: maxPayloadBytes(isEmulated ? 'base64' : 'bytes'),
    deduplication: config.fifo ? 'by id' : 'none',
    words: {
      redelivery: 'on retry; after the visibility timeout',
      delayedDelivery: config.fifo
        ? 'up to 15 min, of the whole queue only; not used here'
        : 'up to 15 min, not used here',
      replay: 'no',
      transactions: 'no',
    },
  };
}
