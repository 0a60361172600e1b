/** What both sides of a pair do; one JSON argument, so that parent and child cannot disagree. */
export interface Setting {
  readonly target: string;
  readonly connection: Readonly<Record<string, unknown>>;
  readonly topic: string;
  readonly messages: number;
  readonly sizeBytes: number;
  readonly partitions: number;
  /** messages sent and not acknowledged */
  readonly window: number;
  /** messages received and not settled */
  readonly prefetch: number;
  readonly maxBatchMessages: number;
}

export function readSetting(): Setting {
  const [text] = process.argv.slice(2);
  if (text === undefined) throw new Error('a setting as JSON is expected');
  return JSON.parse(text) as Setting;
}

/** Prints what a loop came to, for the parent. */
export function tell(messages: number, startMs: number): void {
  const seconds = (performance.now() - startMs) / 1000;
  process.stdout.write(`${JSON.stringify({ perSecond: messages / seconds, seconds })}\n`);
}
