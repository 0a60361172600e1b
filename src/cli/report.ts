import { Command } from 'commander';
import { markdownReport, terminalReport } from '../report/index.ts';
import { readResult } from '../result/index.ts';

export function reportCommand(): Command {
  return new Command('report')
    .argument('<campaign>', 'a folder under results/, or a result.json')
    .option('--markdown', 'print report.md instead of the table')
    .action(async (campaign: string, flags: { readonly markdown?: true }) => {
      const result = await readResult(campaign);
      process.stdout.write(flags.markdown === true ? markdownReport(result) : terminalReport(result));
    });
}
