/** What every command is handed by main. */
export interface CliContext {
  /** aborted by Ctrl-C, SIGTERM or SIGHUP */
  readonly signal: AbortSignal;
}
