import Table from 'cli-table3';
import { Command } from 'commander';
import { PARTS, type Finding } from '../selftest/index.ts';
import type { CliContext } from './context.ts';

interface SelftestFlags {
  readonly json?: true;
}

export function selftestCommand(context: CliContext): Command {
  return new Command('selftest')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nTakes two minutes. Exit code 1 when the meter is off; a busy machine puts it off too.',
    )
    .action((flags: SelftestFlags) => selftest(flags, context));
}

async function selftest(flags: SelftestFlags, { signal }: CliContext): Promise<void> {
  const findings: Finding[] = [];
  for (const [index, part] of PARTS.entries()) {
    process.stderr.write(`[${index + 1}/${PARTS.length}] ${part.title}\n`);
    findings.push(...(await part.run(signal)));
  }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(findings, null, 1)}\n` : `${table(findings)}\n`,
  );
  if (findings.some((finding) => !finding.passed)) process.exitCode = 1;
}

function table(findings: readonly Finding[]): string {
  const rows = new Table({
    head: ['the meter must find', 'expected', 'measured', ''],
    style: { head: [], border: [], compact: true },
  });
  for (const { what, expected, measured, passed } of findings) {
    rows.push([what, expected, measured, passed ? 'ok' : 'OFF']);
  }
  return rows.toString();
}
