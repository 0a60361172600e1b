import type { ReaderVersion, SchemaSpec, SchemaVersion } from '../../scenario/index.ts';

/** The oldest first. */
export const VERSIONS: readonly SchemaVersion[] = ['v1', 'v2', 'v3'];

/** Something of each version. */
export function ofEachVersion<T>(of: (version: SchemaVersion) => T): Readonly<Record<SchemaVersion, T>> {
  return { v1: of('v1'), v2: of('v2'), v3: of('v3') };
}

/** The version that producers want to write, so many seconds from the start of the load. */
export function writerAt({ producers }: SchemaSpec, seconds: number): SchemaVersion {
  return producers.findLast(({ atSeconds }) => atSeconds <= seconds)?.to ?? 'v1';
}

/** The version that the consumers of a subscription read as. */
export function readerAt({ consumers }: SchemaSpec, subscription: string, seconds: number): ReaderVersion {
  return (
    consumers.findLast((step) => step.subscription === subscription && step.atSeconds <= seconds)?.to ?? 'v1'
  );
}
