/** The topic of a channel between services. */
export function channelTopic(topic: string, channel: string): string {
  return `${topic}.${channel}`;
}
