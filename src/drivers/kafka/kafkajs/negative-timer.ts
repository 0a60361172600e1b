const WARNING = 'TimeoutNegativeWarning';
const ORIGIN = /[\\/]kafkajs[\\/]src[\\/]network[\\/]requestQueue[\\/]/;

/**
 * Keeps one warning of kafkajs 2.2.4 off stderr, in the thread that calls it; every other warning passes.
 *
 * After each answer that leaves no request waiting, a connection arms a timer with the delay `-1 - Date.now()`
 * (scheduleCheckPendingRequests; https://github.com/tulios/kafkajs/issues/1751). Node takes it for 1 ms and,
 * since version 24, warns of the first such timer of a thread, in the middle of a campaign and from inside an
 * agent. The timer itself stays as it is, although it comes back every millisecond (issues/1704): it is a cost
 * of the client that is measured.
 *
 * Not by the name alone (`--disable-warning`), which would hide a negative delay of our own too; and not
 * by a listener for 'warning', since the one that prints cannot be told to leave one out.
 */
export function silenceNegativeTimer(): void {
  const emitWarning = process.emitWarning.bind(process) as (...warning: unknown[]) => void;
  process.emitWarning = (...warning: unknown[]): void => {
    if (warning[1] === WARNING && ORIGIN.test(new Error(WARNING).stack ?? '')) return;
    emitWarning(...warning);
  };
}
