/** The topic that the replies to the requests of a topic are sent to. */
export function repliesTo(topic: string): string {
  return `${topic}.replies`;
}
