import type { ReaderVersion, SchemaSpec, SchemaVersion } from '../../scenario/index.ts';

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
