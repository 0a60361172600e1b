import type { Contract } from '../../scenario/index.ts';
import { ContractRefused } from '../errors.ts';
import type { Place } from './place.ts';

export interface Circumstances {
  readonly place: Place;
  readonly fifo: boolean;
}

/**
 * What SQS and SNS give for a contract.
 *
 * AWS has one mode: a request is answered when the message is stored redundantly in several availability
 * zones (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/welcome.html, "Durability").
 * It is documented and can be neither chosen nor read back. Weaker contracts get it too: the answer to a
 * request cannot be left out. FIFO recognises a message that is sent again within five minutes, which makes
 * it `effectively-once` as long as a consumer settles within the visibility timeout.
 *
 * An emulator keeps one copy in its memory.
 *
 * @throws ContractRefused where nothing of at least that strength can be had
 */
export function promised(contract: Contract, { place, fifo }: Circumstances): Contract {
  if (place !== 'aws') {
    if (contract === 'fire-and-forget' || contract === 'leader-acked') return 'leader-acked';
    throw new ContractRefused(
      contract,
      'the emulator keeps one copy, in its memory',
      'leader-acked is its strongest; AWS itself (a target with a region) gives replicated-fsynced-acked',
    );
  }
  if (contract !== 'effectively-once') return 'replicated-fsynced-acked';
  if (fifo) return contract;
  throw new ContractRefused(
    contract,
    'a standard queue does not recognise a message that is sent again',
    'use a target with fifo: true',
  );
}
