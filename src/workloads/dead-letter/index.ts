import type { DeadLetterSpec, Scenario } from '../../scenario/index.ts';
import { Consuming } from '../stream/consuming.ts';
import { Producing } from '../stream/producing.ts';
import type { Workload } from '../workload.ts';
import { DeadLetterReading } from './dead-letters.ts';
import { Failing } from './failing.ts';

/** A stream whose handlers fail at some messages: retries, dead letters, and their redrive. */
export const deadLetter: Workload<'producers' | 'consumers' | 'dead letters'> = {
  name: 'dead-letter',
  topics: (scenario, topic) => {
    const { maxAttempts, delayMs } = specOf(scenario);
    return [{ name: topic, ...scenario.topology, retry: { maxAttempts, delayMs } }];
  },
  places: ({ topology }, topic) => topology.subscriptions.map((name) => [{ topic, name }]),
  roles: ({ topology }) => [
    ...topology.subscriptions.flatMap((subscription) => [
      { kind: 'consumers', subscription } as const,
      { kind: 'dead letters', subscription } as const,
    ]),
    { kind: 'producers' },
  ],
  open: (role, stage) => {
    const spec = specOf(stage.plan.scenario);
    const { maxAttempts, delayMs } = spec;
    switch (role.kind) {
      case 'producers':
        return Producing.open(stage);
      case 'dead letters':
        return DeadLetterReading.open(stage, role.subscription, spec);
      case 'consumers': {
        const failing = new Failing(role.subscription, stage.plan, spec);
        return Consuming.open(stage, role.subscription, {
          handling: failing,
          retry: { maxAttempts, delayMs },
        });
      }
    }
  },
};

function specOf({ name, deadLetters }: Scenario): DeadLetterSpec {
  if (deadLetters === undefined) throw new Error(`scenario ${name} does not say what fails`);
  return deadLetters;
}
