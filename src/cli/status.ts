import Table from 'cli-table3';
import { Command } from 'commander';
import {
  observeNodes,
  remainsOfBrokers,
  runningBrokers,
  totalOf,
  type Observation,
  type RunningBroker,
  type RunningNode,
} from '../brokers/index.ts';
import { formatSpan } from '../report/index.ts';

interface StatusFlags {
  readonly json?: true;
}

/** A running broker with what it costs, all nodes together; null where that is not visible. */
interface Status extends RunningBroker {
  readonly nodes: NodeStatus[];
  readonly uptimeSeconds: number;
  readonly observed: Observation | null;
}

interface NodeStatus extends RunningNode {
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
  for (const { name, nodes } of statuses) {
    for (const { node, condition, logFile } of nodes) {
      if (condition === 'alive') continue;
      process.stderr.write(
        condition === 'paused'
          ? `${name} node ${node} stands still: a fault that is under way, or one that was cut off; wake it with: mqbench up ${name}\n`
          : `${name} node ${node} is not running (${condition}), log: ${logFile}\n`,
      );
    }
  }
  for (const { broker, why, logFiles } of await remainsOfBrokers()) {
    const log = logFiles.length === 0 ? '' : `, log: ${logFiles.join(', ')}`;
    process.stderr.write(
      `${broker} is not running (${why})${log}; delete what it left with: mqbench down ${broker}\n`,
    );
  }
}

async function statusOf(broker: RunningBroker): Promise<Status> {
  const uptimeSeconds = Math.round((Date.now() - Date.parse(broker.startedAt)) / 1000);
  const observed = await observeNodes(broker);
  const nodes = broker.nodes.map((node, index) => ({ ...node, observed: observed[index] ?? null }));
  return { ...broker, nodes, uptimeSeconds, observed: totalOf(observed) ?? null };
}

function table(statuses: readonly Status[]): string {
  const rows = new Table({
    head: ['broker', 'provider', 'version', 'ports', 'pid', 'rss', 'disk', 'uptime', 'log'],
    style: { head: [], border: [] },
  });
  for (const each of statuses) {
    for (const node of each.nodes) {
      rows.push([
        each.nodes.length === 1 ? each.name : `${each.name} node ${node.node}`,
        each.provider,
        each.version,
        portLines(node.ports),
        node.condition === 'alive' ? (node.pid ?? '-') : node.condition,
        megabytes(node.observed?.rssBytes),
        megabytes(node.observed?.diskBytes),
        formatSpan(each.uptimeSeconds),
        node.logFile ?? '-',
      ]);
    }
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
