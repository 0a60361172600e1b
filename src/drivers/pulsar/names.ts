import type { PulsarConfig } from './config.ts';

type Namespace = Pick<PulsarConfig, 'tenant' | 'namespace'>;

/** `public/default/topic`, as it is in the paths of the admin and of the WebSocket API. */
export function topicPath({ tenant, namespace }: Namespace, topic: string): string {
  return [tenant, namespace, topic].map(encodeURIComponent).join('/');
}

/** `persistent://public/default/topic` */
export function fullTopicName({ tenant, namespace }: Namespace, topic: string): string {
  return `persistent://${tenant}/${namespace}/${topic}`;
}

/** A partition is a topic of its own, which can be consumed by this name. */
export function partitionName(topic: string, partition: number): string {
  return `${topic}-partition-${partition}`;
}

/** The topic's own name, without its namespace and its partition. */
export function bareTopicName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('/') + 1).replace(/-partition-\d+$/, '');
}
