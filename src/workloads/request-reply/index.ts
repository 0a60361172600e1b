import { Consuming } from '../stream/consuming.ts';
import { Producing } from '../stream/producing.ts';
import type { Workload } from '../workload.ts';
import { repliesTo } from './replies.ts';
import { isAgain, Responding } from './responding.ts';

/**
 * Requests to a service, and its replies to whoever asked: what is delivered is the reply, and its latency that of
 * the round trip.
 */
export const requestReply: Workload<'producers' | 'consumers' | 'responders'> = {
  name: 'request-reply',
  topics: ({ topology }, topic) => [
    { name: topic, ...topology },
    { name: repliesTo(topic), ...topology },
  ],
  places: ({ topology }, topic) =>
    topology.subscriptions.map((name) => [
      { topic, name },
      { topic: repliesTo(topic), name },
    ]),
  roles: ({ topology }) => [
    ...topology.subscriptions.flatMap((subscription) => [
      { kind: 'consumers', subscription } as const,
      { kind: 'responders', subscription } as const,
    ]),
    { kind: 'producers' },
  ],
  open: (role, stage) => {
    switch (role.kind) {
      case 'producers':
        return Producing.open(stage);
      case 'responders':
        return Responding.open(stage, role.subscription);
      case 'consumers':
        return Consuming.open(stage, role.subscription, {
          topic: repliesTo(stage.plan.topic),
          // who answers takes its time, and who asked none
          settings: { count: 1, window: stage.plan.scenario.consumers.window, workMs: 0 },
          handling: {
            markOf: (_, message) => (isAgain(message) ? 'redelivered' : undefined),
            settle: () => 'done',
            owed: 0,
          },
        });
    }
  },
};
