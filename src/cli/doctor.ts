import Table from 'cli-table3';
import { Command } from 'commander';
import { prerequisites, runningBrokers } from '../brokers/index.ts';

interface Finding {
  readonly what: string;
  readonly usable: boolean;
  readonly detail: string;
  readonly remedy: string;
}

/** @platformatic/kafka's own lower bound; all else runs on Node 20. */
const KAFKA_CLIENT_NODE = [22, 22] as const;

export function doctorCommand(): Command {
  return new Command('doctor')
    .option('--json', 'print a JSON array')
    .action(async (flags: { readonly json?: true }) => {
      const findings = await examine();
      process.stdout.write(
        flags.json === true ? `${JSON.stringify(findings, null, 1)}\n` : `${table(findings)}\n`,
      );
    });
}

async function examine(): Promise<readonly Finding[]> {
  const running = await runningBrokers();
  const brokers = await prerequisites();
  return [
    nodeFinding(),
    { what: 'target memory', usable: true, detail: 'embedded, needs nothing', remedy: '' },
    ...brokers.map(({ broker, provider, usable, detail, remedy }) => {
      const up = running.some((each) => each.name === broker && each.provider === provider);
      return {
        what: `${broker}, ${provider}`,
        usable,
        detail: up ? `${detail}; running` : detail,
        remedy: remedy ?? '',
      };
    }),
  ];
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const usable =
    major > KAFKA_CLIENT_NODE[0] || (major === KAFKA_CLIENT_NODE[0] && minor >= KAFKA_CLIENT_NODE[1]);
  return {
    what: 'target kafka: Node for @platformatic/kafka',
    usable,
    detail: `Node ${process.versions.node}${usable ? '' : `, needs ${KAFKA_CLIENT_NODE.join('.')}`}`,
    remedy: usable ? '' : 'npm install node@24 beside mqbench, or use the target kafka-kafkajs',
  };
}

function table(findings: readonly Finding[]): string {
  const rows = new Table({
    head: ['what', '', 'found', 'what to do'],
    style: { head: [], border: [], compact: true },
  });
  for (const { what, usable, detail, remedy } of findings)
    rows.push([what, usable ? 'ok' : 'no', detail, remedy]);
  return rows.toString();
}
