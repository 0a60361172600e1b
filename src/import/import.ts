import { basename } from 'node:path';
import { z } from 'zod';
import { canonicalJson, IMPORTED_SCHEMA, type Imported } from '../result/index.ts';
import { UserError } from '../user-error.ts';
import { fromK6, K6_LACKS, k6Schema } from './k6.ts';
import { fromOpenMessaging, OPEN_MESSAGING_LACKS, openMessagingSchema } from './openmessaging.ts';

/** A file of another tool. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What a user says of the files; undefined: what they say themselves. */
export interface Naming {
  readonly scenario?: string;
  readonly target?: string;
  /** of k6 */
  readonly trend?: string;
}

/**
 * What another tool measured, a trial for each file, in the order given.
 * @throws UserError (exit code 2) for a file that is of no tool that is known, or of another than the first
 */
export function importResults(
  sources: readonly Source[],
  naming: Naming,
): Omit<Imported, 'id' | 'importedAt'> {
  const documents = sources.map(({ path, text }) => ({ path, document: parse(path, text) }));
  const read = documents.map((each) => readDocument(each, naming));
  const [first] = read;
  const contents = documents.map(({ document }) => canonicalJson(document));
  const twice = sources.find((_, index) => contents.indexOf(contents[index] ?? '') < index);
  if (twice !== undefined) throw invalid(twice.path, 'the same as another file: a trial is one measurement');
  const other = read.find(({ from }) => from !== first?.from);
  if (first === undefined) throw new Error('nothing to import');
  if (other !== undefined)
    throw invalid(other.trial.file, `of ${other.from}, and the first file is of ${first.from}`);
  return {
    schema: IMPORTED_SCHEMA,
    from: first.from,
    lacks: [...(first.from === 'k6' ? K6_LACKS : OPEN_MESSAGING_LACKS)],
    trials: read.map(({ trial }) => trial),
  };
}

interface Read {
  readonly from: Imported['from'];
  readonly trial: Imported['trials'][number];
}

/** A file of another tool, as JSON has it. */
interface Parsed {
  readonly path: string;
  readonly document: unknown;
}

function readDocument({ path, document }: Parsed, naming: Naming): Read {
  const file = basename(path);
  const looksLikeK6 = k6Schema.safeParse(document);
  if (looksLikeK6.success) {
    const { scenario, target, trend } = naming;
    if (scenario === undefined || target === undefined)
      throw invalid(path, 'k6 does not tell of what it is', 'name it with --scenario and --target');
    const trial = fromK6(looksLikeK6.data, { scenario, target, trend });
    if (typeof trial === 'string') throw invalid(path, trial, 'name one with --trend');
    return { from: 'k6', trial: { ...trial, file } };
  }
  const openMessaging = openMessagingSchema.safeParse(document);
  if (!openMessaging.success)
    throw invalid(
      path,
      `neither a result of OpenMessaging Benchmark nor a summary of k6:\n${z.prettifyError(openMessaging.error)}`,
      'give what OpenMessaging Benchmark wrote, what k6 run --summary-export wrote, or what handleSummary was given',
    );
  const trial = fromOpenMessaging(openMessaging.data);
  if (typeof trial === 'string') throw invalid(path, trial);
  return {
    from: 'openmessaging-benchmark',
    trial: {
      ...trial,
      file,
      scenario: naming.scenario ?? trial.scenario,
      target: naming.target ?? trial.target,
    },
  };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(path, `not JSON: ${(cause as Error).message}`);
  }
}

function invalid(path: string, reason: string, hint?: string): UserError {
  return new UserError(`${path}: ${reason}`, {
    code: 'import.invalid',
    exitCode: 2,
    ...(hint === undefined ? {} : { hint }),
  });
}
