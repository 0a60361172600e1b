import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whether memory depends on the length of a run: peak RSS of 1 and of 5 million messages on the memory target. */
const RATE_PER_SECOND = 30_000;
const SAMPLE_EVERY_MS = 500;

const directory = await mkdtemp(join(tmpdir(), 'mqbench-memory-'));
try {
  const small = await peakRssMb(1_000_000);
  const large = await peakRssMb(5_000_000);
  console.log(
    `peak RSS: ${small.toFixed(0)} MB for 1 million messages, ${large.toFixed(0)} MB for 5 million`,
  );
  console.log(`difference: ${(large - small).toFixed(0)} MB (60 MB allowed)`);
  if (large - small > 60) process.exitCode = 1;
} finally {
  await rm(directory, { recursive: true });
}

async function peakRssMb(messages: number): Promise<number> {
  const file = join(directory, `messages-${messages}.yaml`);
  await writeFile(
    file,
    `title: ${messages} messages
question: Does memory depend on the length of a run?
workload: stream
contract: leader-acked
messages: { size: 128B, keys: { count: 10000, distribution: uniform } }
load:
  arrivals: uniform
  phases:
    - { name: steady, rate: ${RATE_PER_SECOND}/s, for: ${Math.round(messages / RATE_PER_SECOND)}s }
`,
  );
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'run', file, '--target', 'memory', '--out', directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  let peakKb = 0;
  const sampler = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8').then(
      (status) => {
        peakKb = Math.max(peakKb, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0));
      },
      () => clearInterval(sampler),
    );
  }, SAMPLE_EVERY_MS);
  await once(child, 'exit');
  clearInterval(sampler);
  console.log(output.split('\n').slice(0, 5).join('\n'));
  return peakKb / 1024;
}
