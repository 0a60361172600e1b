import type { Result, ToldScenario } from '../result/index.ts';
import { formatBytes, formatCount, formatRate, formatSpan } from './format.ts';

/** `shortened from 60 s: a look, not a measurement`; undefined of a load as it is written. */
export function shortening(told: Result['scenarios'][number] | undefined): string | undefined {
  const seconds = ((told ?? {}) as ToldScenario).load?.shortenedFromSeconds;
  return seconds === undefined
    ? undefined
    : `shortened from ${formatSpan(seconds)}: a look, not a measurement`;
}

/** What was asked of every target, as a list; nothing for a scenario of a result that does not tell. */
export function loadLines(told: Result['scenarios'][number] | undefined): readonly string[] {
  const { messages, topology, producers, consumers, load, schema } = (told ?? {}) as ToldScenario;
  if (!messages || !topology || !producers || !consumers || !load) return [];
  const { batching } = producers;
  const short = shortening(told);
  const phases = load.phases.map(({ name, fromPerSecond: from, toPerSecond: to, seconds, warmup }) => {
    const rate = from === to ? formatRate(from) : `${formatRate(from)} to ${formatRate(to)}`;
    return `${name} ${rate}/s for ${formatSpan(seconds)}${warmup ? ' (not measured)' : ''}`;
  });
  const { count, distribution } = messages.keys;
  return [
    `- Load: ${load.arrivals} arrivals; ${phases.join(', ')}${short === undefined ? '' : `; ${short}`}`,
    `- Messages: ${schema === undefined ? '' : 'at most '}${formatBytes(messages.sizeBytes)} each, ${formatCount(count)} keys (${distribution}); ${many(topology.partitions, 'partition')}, subscriptions: ${topology.subscriptions.join(', ')}`,
    `- Producers: ${producers.count}, with up to ${formatCount(producers.window)} messages unacknowledged each; linger ${batching.lingerMs} ms where the client gathers batches (it is in the latencies), at most ${formatBytes(batching.maxBatchBytes)} or ${formatCount(batching.maxBatchMessages)} messages a batch`,
    `- Consumers: ${consumers.count} a subscription, with up to ${formatCount(consumers.window)} messages unsettled each; ${consumers.workMs} ms of work a message`,
    '',
  ];
}

function many(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
