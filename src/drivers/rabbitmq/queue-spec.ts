/** A queue that a topic is made of. */
export interface QueueSpec {
  readonly name: string;
  readonly queueArguments: Readonly<Record<string, string | number | boolean>>;
  /** with which it is bound to the exchange of the topic; undefined: it is not */
  readonly routingKey?: string;
  /** what is in it from the beginning */
  readonly firstMessage?: string;
}
