import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import { nowNs } from '../clock/index.ts';
import type { GeneratorHealth } from '../measure/index.ts';

/** How often the event loop's delay is sampled. */
const DELAY_RESOLUTION_MS = 10;

/** Watches the thread it is created in, from creation to `read`. */
export class HealthSampler implements Disposable {
  readonly #startNs = nowNs();
  readonly #cpu = threadCpuSeconds();
  readonly #loop = performance.eventLoopUtilization();
  readonly #delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  readonly #observer: PerformanceObserver;
  readonly #gcPausesUs: number[] = [];

  constructor() {
    this.#delay.enable();
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#gcPausesUs.push(entry.duration * 1000);
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  read(agent: string, windowFullNs: number): Omit<GeneratorHealth, 'throttled'> {
    const elapsedNs = nowNs() - this.#startNs;
    const cpu = threadCpuSeconds();
    const cpuSeconds = cpu === undefined || this.#cpu === undefined ? undefined : cpu - this.#cpu;
    return {
      agent,
      eventLoopUtilization: performance.eventLoopUtilization(this.#loop).utilization,
      // the sampler's own timer is part of what it reads
      eventLoopDelayP99Us: Math.max(0, this.#delay.percentile(99) / 1000 - DELAY_RESOLUTION_MS * 1000),
      eventLoopDelayMaxUs: Math.max(0, this.#delay.max / 1000 - DELAY_RESOLUTION_MS * 1000),
      cpu: cpuSeconds === undefined ? null : (cpuSeconds * 1e9) / elapsedNs,
      gcPauses: this.#gcPausesUs.length,
      gcPauseMaxUs: this.#gcPausesUs.reduce((max, pause) => Math.max(max, pause), 0),
      gcPauseTotalUs: this.#gcPausesUs.reduce((sum, pause) => sum + pause, 0),
      windowFull: windowFullNs / elapsedNs,
    };
  }

  [Symbol.dispose](): void {
    this.#delay.disable();
    this.#observer.disconnect();
  }
}

/** CPU time of this thread; undefined before Node 23.9, which cannot tell it from the process's. */
function threadCpuSeconds(): number | undefined {
  const read = (process as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage;
  if (read === undefined) return undefined;
  const { user, system } = read.call(process);
  return (user + system) / 1e6;
}
