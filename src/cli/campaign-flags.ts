import type { Command } from 'commander';
import { providerNamed, type Provider } from '../brokers/index.ts';
import { folder, list, wholeNumber } from './arguments.ts';

/** What every command takes that runs trials. */
export interface CampaignFlags {
  readonly target?: readonly string[];
  readonly seed?: number;
  readonly out?: string;
  readonly up?: true;
  readonly nodes?: number;
  readonly provider?: Provider;
  readonly strictContract?: true;
  readonly yes?: true;
  readonly json?: true;
}

export function campaignFlags(command: Command): Command {
  return command
    .option('-t, --target <names>', 'targets, separated by commas', list)
    .option('--seed <n>', 'draws arrivals and keys (default: 1)', wholeNumber(0, 2 ** 32))
    .option('-o, --out <dir>', 'where campaigns are kept (default: results)', folder)
    .option('--up', 'start the brokers that the targets need, and stop them afterwards')
    .option('--provider <name>', 'with --up: native or docker', providerNamed)
    .option('--nodes <n>', 'with --up: 1, or 3 for a cluster (default: 1)', wholeNumber(1, 99))
    .option('--strict-contract', 'refuse a broker that gives more than the contract asks')
    .option('--yes', 'make requests that a provider bills')
    .option('--json', 'print JSON instead of the table');
}
