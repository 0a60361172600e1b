import {
  type DocumentKind,
  InvalidDocument,
  parseDocument,
  readText,
  type YamlDocument,
} from '../yaml/index.ts';
import { plannedMessages, readScenarios, stem } from './scenario-reader.ts';
import { readWorkspace } from './workspace.ts';
import type { WorkspaceOptions } from './workspace.ts';
import { resolveWorkspaceTargets } from './workspace-target.ts';
import type { DriverSchemas } from './workspace-target.ts';

/** What a valid file comes to. */
export type Contents =
  | {
      readonly kind: 'scenario';
      readonly name: string;
      readonly variants: readonly string[];
      /** this and what follows: of all variants together */
      readonly phases: number;
      readonly seconds: number;
      readonly messages: number;
    }
  | { readonly kind: 'workspace'; readonly targets: readonly string[] }
  | ({ readonly kind: 'decision' } & DecisionContents)
  | ({ readonly kind: 'prices' } & PriceContents)
  | ({ readonly kind: 'policy' } & PolicyContents);

/** What a valid decision comes to. */
interface DecisionContents {
  readonly options: readonly string[];
  readonly criteria: number;
}

/** What a valid price sheet comes to. */
interface PriceContents {
  readonly items: readonly string[];
  readonly currency: string;
}

/** What a valid policy comes to. */
interface PolicyContents {
  readonly gates: number;
  /** what it can find, in a sentence */
  readonly finds: string;
}

/** What `mqbench validate` has to say about one file. */
export type Appraisal =
  | { readonly ok: true; readonly file: string; readonly contents: Contents }
  | {
      readonly ok: false;
      readonly file: string;
      /** undefined where the file could not be read */
      readonly kind: DocumentKind | undefined;
      readonly error: InvalidDocument;
    };

export interface AppraisalOptions extends WorkspaceOptions {
  readonly driverSchemas: DriverSchemas;
  /** of documents that are read elsewhere; they throw InvalidDocument */
  readonly readers: {
    readonly decision: (document: YamlDocument) => DecisionContents;
    readonly prices: (document: YamlDocument) => PriceContents;
    readonly policy: (document: YamlDocument) => PolicyContents;
  };
}

/** Reads a file and appraises it; one that cannot be read is an appraisal too. */
export async function appraiseFile(file: string, options: AppraisalOptions): Promise<Appraisal> {
  try {
    return appraise(await readText(file), file, options);
  } catch (error) {
    return refused(file, undefined, error);
  }
}

/** Says of what kind a text is, by the name of its file and its top-level keys, and whether it is valid. */
function appraise(text: string, file: string, options: AppraisalOptions): Appraisal {
  let kind = kindByName(file);
  try {
    const document = parseDocument(text, file, kind ?? 'scenario');
    kind ??= kindByKeys(document.value);
    return {
      ok: true,
      file,
      contents: contentsOf(document.kind === kind ? document : parseDocument(text, file, kind), options),
    };
  } catch (error) {
    return refused(file, kind, error);
  }
}

function refused(file: string, kind: DocumentKind | undefined, error: unknown): Appraisal {
  if (error instanceof InvalidDocument) return { ok: false, file, kind, error };
  throw error;
}

function contentsOf(document: YamlDocument, options: AppraisalOptions): Contents {
  switch (document.kind) {
    case 'scenario': {
      const { name, variants, scenarios } = readScenarios(document);
      const phases = scenarios.flatMap(({ load }) => load.phases);
      return {
        kind: 'scenario',
        name,
        variants,
        phases: phases.length,
        seconds: phases.reduce((sum, phase) => sum + phase.seconds, 0),
        messages: plannedMessages(phases),
      };
    }
    case 'workspace': {
      const { targets } = readWorkspace(document, options);
      resolveWorkspaceTargets(targets, options.driverSchemas, options.environment);
      return { kind: 'workspace', targets: targets.map((target) => target.name) };
    }
    case 'decision':
      return { kind: 'decision', ...options.readers.decision(document) };
    case 'prices':
      return { kind: 'prices', ...options.readers.prices(document) };
    case 'policy':
      return { kind: 'policy', ...options.readers.policy(document) };
  }
}

const KINDS_BY_NAME: ReadonlyMap<string, DocumentKind> = new Map([
  ['mqbench', 'workspace'],
  ['decision', 'decision'],
  ['prices', 'prices'],
  ['policy', 'policy'],
]);

function kindByName(file: string): DocumentKind | undefined {
  return KINDS_BY_NAME.get(stem(file));
}

/** The keys that tell a file's kind; what has none of them is taken for a scenario, the most common. */
const TELLING_KEYS: readonly (readonly [DocumentKind, readonly string[]])[] = [
  ['scenario', ['workload', 'contract', 'load', 'messages']],
  ['workspace', ['targets', 'defaults']],
  ['decision', ['criteria', 'options', 'weights']],
  ['prices', ['currency', 'items', 'hoursPerMonth']],
  ['policy', ['gates', 'thresholds']],
];

function kindByKeys(value: unknown): DocumentKind {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const found = TELLING_KEYS.find(([, telling]) => telling.some((key) => keys.includes(key)));
  return found?.[0] ?? 'scenario';
}
