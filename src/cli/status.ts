import Table from 'cli-table3';
import { Command } from 'commander';
import {
  observeBroker,
  remainsOfBrokers,
  runningBrokers,
  type Observation,
  type RunningBroker,
} from '../brokers/index.ts';
import { formatSpan } from '../report/index.ts';

interface StatusFlags {
  readonly json?: true;
}

/** A running broker with what it costs; null where that is not visible. */
interface Status extends RunningBroker {
  readonly uptimeSeconds: number;
  readonly observed: Observation | null;
}

export function statusCommand(): Command {
  return new Command('status').option('--json', 'print a JSON array').action(status);
}

async function status(flags: StatusFlags): Promise<void> {
  const statuses = await Promise.all((await runningBrokers()).map(statusOf));
  if (flags.json === true) process.stdout.write(`${JSON.stringify(statuses, undefined, 1)}\n`);
  else if (statuses.length > 0) process.stdout.write(`${table(statuses)}\n`);
  else process.stderr.write('no broker is running; start one with: mqbench up\n');
  for (const { broker, why, logFile } of await remainsOfBrokers()) {
    const log = logFile === undefined ? '' : `, log: ${logFile}`;
    process.stderr.write(
      `${broker} is not running (${why})${log}; delete what it left with: mqbench down ${broker}\n`,
    );
  }
}

async function statusOf(broker: RunningBroker): Promise<Status> {
  const uptimeSeconds = Math.round((Date.now() - Date.parse(broker.startedAt)) / 1000);
  return { ...broker, uptimeSeconds, observed: (await observeBroker(broker)) ?? null };
}

function table(statuses: readonly Status[]): string {
  const rows = new Table({
    head: ['broker', 'provider', 'version', 'ports', 'pid', 'rss', 'disk', 'uptime', 'log'],
    style: { head: [], border: [] },
  });
  for (const each of statuses) {
    rows.push([
      each.name,
      each.provider,
      each.version,
      portLines(each.ports),
      each.pid ?? '-',
      megabytes(each.observed?.rssBytes),
      megabytes(each.observed?.diskBytes),
      formatSpan(each.uptimeSeconds),
      each.logFile ?? '-',
    ]);
  }
  return rows.toString();
}

function portLines(ports: Readonly<Record<string, number>>): string {
  return Object.entries(ports)
    .map(([use, port]) => `${String(port).padStart(5)} ${use}`)
    .join('\n');
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '-' : `${(bytes / 1e6).toFixed(0)} MB`;
}
