import type { DeadLetterSpec, Scenario, SchemaSpec } from '../../scenario/index.ts';
import { DeadLetterReading } from '../dead-letter/dead-letters.ts';
import { deadLetter } from '../dead-letter/index.ts';
import { Consuming } from '../stream/consuming.ts';
import { Producing } from '../stream/producing.ts';
import type { Workload } from '../workload.ts';
import { EventCodec } from './codec.ts';
import { Reading } from './reading.ts';
import { Writing } from './writing.ts';

/** A stream of events whose schema changes while it runs; what cannot be read becomes a dead letter. */
export const schemaEvolution: Workload<'producers' | 'consumers' | 'dead letters'> = {
  name: 'schema-evolution',
  topics: deadLetter.topics,
  places: deadLetter.places,
  roles: deadLetter.roles,
  open: async (role, stage) => {
    const { scenario, seed } = stage.plan;
    const { schema, deadLetters } = specsOf(scenario);
    const codec = await EventCodec.open(schema, seed);
    const reader = codec.isIntact.bind(codec);
    const { maxAttempts, delayMs } = deadLetters;
    switch (role.kind) {
      case 'producers':
        return Producing.open(stage, {
          contents: (startNs) => new Writing(schema, scenario.topology.subscriptions, codec, startNs),
        });
      case 'dead letters':
        return DeadLetterReading.open(stage, role.subscription, deadLetters, reader);
      case 'consumers':
        return Consuming.open(stage, role.subscription, {
          handling: new Reading(role.subscription, schema, scenario.producers.count, codec),
          reader,
          retry: { maxAttempts, delayMs },
        });
    }
  },
};

function specsOf({ name, schema, deadLetters }: Scenario): {
  readonly schema: SchemaSpec;
  readonly deadLetters: DeadLetterSpec;
} {
  if (schema === undefined || deadLetters === undefined) {
    throw new Error(`scenario ${name} does not say how its events change`);
  }
  return { schema, deadLetters };
}
