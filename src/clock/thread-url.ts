/**
 * The URL of a module beside the caller, to be started as a thread: `.ts` when the sources run directly,
 * `.js` when the compiled ones do (the compiler rewrites imports, but not URLs).
 */
export function threadUrl(name: string, callerUrl: string): URL {
  const extension = callerUrl.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}.${extension}`, callerUrl);
}
