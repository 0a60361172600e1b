import Table from 'cli-table3';
import { Command } from 'commander';
import { checkToxiproxy, prerequisites, runningBrokers } from '../brokers/index.ts';
import { BUILT_IN_TARGETS, type BuiltInTarget } from '../targets/index.ts';
import { UserError } from '../user-error.ts';
import { loadClient } from './clients.ts';

interface Finding {
  readonly what: string;
  readonly usable: boolean;
  readonly detail: string;
  readonly remedy: string;
}

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
  const toxiproxy = await checkToxiproxy();
  return [
    ...(await Promise.all(BUILT_IN_TARGETS.map(clientFinding))),
    ...brokers.map(({ broker, provider, usable, detail, remedy }) => {
      const up = running.some((each) => each.name === broker && each.provider === provider);
      return {
        what: `${broker}, ${provider}`,
        usable,
        detail: up ? `${detail}; running` : detail,
        remedy: remedy ?? '',
      };
    }),
    {
      what: 'network faults',
      usable: toxiproxy.usable,
      detail: toxiproxy.detail,
      remedy: toxiproxy.usable ? '' : toxiproxy.remedy,
    },
  ];
}

/** Whether the client of a built-in target can be loaded here. */
async function clientFinding(target: BuiltInTarget): Promise<Finding> {
  const what = `target ${target.name}`;
  try {
    const { name, version } = await loadClient(target);
    return { what, usable: true, detail: `${name} ${version} on Node ${process.versions.node}`, remedy: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { what, usable: false, detail: error.message, remedy: error.hint ?? '' };
  }
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
