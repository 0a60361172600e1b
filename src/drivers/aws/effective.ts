import type { Contract } from '../../scenario/index.ts';
import type { EffectiveContract } from '../driver.ts';
import type { AwsConfig } from './config.ts';
import { promised } from './contract.ts';
import { placeOf } from './place.ts';

/** Attributes of a queue or topic, as they were asked for and as they are. */
export interface Attributes {
  readonly asked: Readonly<Record<string, string>>;
  readonly readBack: Readonly<Record<string, string>>;
}

/** What a contract came to, with the attributes of the first of the queues (all have the same). */
export function effectiveContract(asked: Contract, config: AwsConfig, found: Attributes): EffectiveContract {
  const place = placeOf(config);
  const effective = promised(asked, { place, fifo: config.fifo });
  const told = Object.keys(found.asked).filter((name) => found.readBack[name] !== undefined);
  const silent = Object.keys(found.asked).filter((name) => found.readBack[name] === undefined);
  const pick = (names: readonly string[], from: Readonly<Record<string, string>>) =>
    Object.fromEntries(names.map((name) => [name, from[name] ?? '']));
  const client = {
    durability: place === 'aws' ? 'several availability zones (documented)' : 'memory of the emulator',
    'payload in': 'a binary message attribute',
    'SDK attempts of a send': config.fifo ? 3 : 1,
    'receives a consumer': config.receives,
    WaitTimeSeconds: config.waitSeconds,
  };
  return {
    asked,
    effective,
    relation: effective === asked ? 'exact' : 'exceeds',
    settings: { ...pick(told, found.readBack), ...pick(silent, found.asked), ...client },
    notReadBack: [...silent, ...Object.keys(client)],
  };
}
