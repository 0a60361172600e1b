const PATIENCE_MS = 30_000;

/** After the last test: what is left open then would keep the whole run waiting, so it is named, and fails the process. */
export function failWhatIsLeftOpen(): void {
  const fail = (): void => {
    process.stderr.write(
      `open ${PATIENCE_MS / 1000} s after the last test: ${process.getActiveResourcesInfo().join(', ')}\n`,
    );
    process.exit(1);
  };
  setTimeout(fail, PATIENCE_MS).unref();
}
