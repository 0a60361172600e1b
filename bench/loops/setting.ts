/** What both sides of a pair do; one JSON argument, so that parent and child cannot disagree. */
export interface Setting {
  readonly target: string;
  readonly driver: string;
  readonly connection: Readonly<Record<string, unknown>>;
  readonly topic: string;
  /** `publish`: nobody receives */
  readonly direction: 'both' | 'publish';
  readonly messages: number;
  readonly sizeBytes: number;
  readonly partitions: number;
  /** messages sent and not acknowledged */
  readonly window: number;
  /** messages received and not settled */
  readonly prefetch: number;
  readonly maxBatchMessages: number;
}

/** Of the driver, in its own loop and in mqbench's. */
export function batchingOf({ maxBatchMessages }: Setting) {
  return { lingerMs: 0, maxBatchBytes: 2 ** 24, maxBatchMessages };
}

/** What a loop came to. */
export interface Pace {
  /** until the last acknowledgement */
  readonly publishedPerSecond: number;
  /** until the last message was received; undefined where nobody did */
  readonly receivedPerSecond: number | undefined;
  /** of all threads of the process: hardly touched by what else the machine does */
  readonly cpuUsPerMessage: number;
}

export function readSetting(): Setting {
  const [text] = process.argv.slice(2);
  if (text === undefined) throw new Error('a setting as JSON is expected');
  return JSON.parse(text) as Setting;
}

/** Takes the times of a loop. */
export class Stopwatch {
  readonly #startMs = performance.now();
  readonly #startCpu = process.cpuUsage();
  #publishedMs = 0;

  /** Every message is acknowledged. */
  published(): void {
    this.#publishedMs = performance.now() - this.#startMs;
  }

  /** Prints what the loop came to, for the parent. */
  tell(published: number, received: number | undefined): void {
    const receivedMs = performance.now() - this.#startMs;
    const { user, system } = process.cpuUsage(this.#startCpu);
    const pace: Pace = {
      publishedPerSecond: (1000 * published) / this.#publishedMs,
      receivedPerSecond: received === undefined ? undefined : (1000 * received) / receivedMs,
      cpuUsPerMessage: (user + system) / published,
    };
    process.stdout.write(`${JSON.stringify(pace)}\n`);
  }
}
