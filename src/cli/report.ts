import { Command } from 'commander';
import { weighFile } from '../adr/index.ts';
import { decisionPage } from '../decision/index.ts';
import { markdownReport, terminalReport } from '../report/index.ts';
import { readCampaigns, readResult } from '../result/index.ts';
import { list } from './arguments.ts';
import { today } from './today.ts';

interface ReportFlags {
  readonly markdown?: true;
  readonly decision?: string;
  readonly results: readonly string[];
}

export function reportCommand(): Command {
  return new Command('report')
    .argument('<campaign>', 'a folder under results/, or a result.json')
    .option('--markdown', 'print report.md instead of the table')
    .option('--decision <file>', 'print report.md with the tables of a decision file')
    .option(
      '--results <paths>',
      'more campaigns that the decision rests on, or folders of them, separated by commas',
      list,
      [],
    )
    .action(report);
}

async function report(campaign: string, flags: ReportFlags): Promise<void> {
  const result = await readResult(campaign);
  if (flags.decision !== undefined) {
    const others = await readCampaigns(flags.results);
    const matrix = await weighFile(flags.decision, () => Promise.resolve([result, ...others]));
    process.stdout.write(`${markdownReport(result)}\n${decisionPage(matrix, today(), 2)}`);
  } else process.stdout.write(flags.markdown === true ? markdownReport(result) : terminalReport(result));
}
