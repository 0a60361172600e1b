import { createHash } from 'node:crypto';
import { cpus, release, totalmem, type as osType } from 'node:os';
import type { Result } from './schema.ts';

/** What machine a result was measured on; two results with other fingerprints are not comparable. */
export function describeHost(): Result['host'] {
  const cores = cpus();
  const description = {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cpus: cores.length,
    memoryBytes: totalmem(),
    kernel: `${osType()} ${release()}`,
  };
  // memory as reported varies by a few pages between boots
  const stable = [
    description.cpu,
    description.cpus,
    Math.round(description.memoryBytes / 2 ** 30),
    description.kernel,
  ];
  const fingerprint = createHash('sha256').update(stable.join('\n')).digest('hex').slice(0, 16);
  return { fingerprint, ...description };
}
