/**
 * From the outermost error to its first cause: kafkajs wraps what it has retried, or will not retry; and of several
 * topics, what became of each (KafkaJSAggregateError).
 */
export function chain(error: unknown): readonly Error[] {
  const errors: Error[] = [];
  for (let current = error; current instanceof Error; current = causeOf(current)) {
    if (errors.includes(current)) break;
    errors.push(current);
  }
  return errors;
}

function causeOf(error: Error): unknown {
  if (error.cause !== undefined) return error.cause;
  return 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined;
}

/** Kafka's codes of the answers that are errors, those about groups too, which kafkajs lists beside. */
export function codesOf(error: unknown): readonly number[] {
  return chain(error).flatMap((link) => {
    if ('groups' in link && Array.isArray(link.groups)) {
      return link.groups.flatMap((group: { readonly errorCode?: unknown }) =>
        typeof group.errorCode === 'number' ? [group.errorCode] : [],
      );
    }
    return 'code' in link && typeof link.code === 'number' ? [link.code] : [];
  });
}

/** Kafka's name of an answer that is an error: `UNKNOWN_TOPIC_OR_PARTITION`. */
export function hasType(error: unknown, type: string): boolean {
  return chain(error).some((link) => 'type' in link && link.type === type);
}

/** Kafka's code of an answer that is an error, undefined where there was no answer. */
export function codeOf(error: unknown): number | undefined {
  for (const link of chain(error)) {
    if (link.name === 'KafkaJSProtocolError' && 'code' in link && typeof link.code === 'number')
      return link.code;
  }
  return undefined;
}

/** How often it was tried again before it was given up. */
export function retriesOf(error: unknown): number {
  for (const link of chain(error)) {
    if ('retryCount' in link && typeof link.retryCount === 'number') return link.retryCount;
  }
  return 0;
}
