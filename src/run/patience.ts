/** Between the order to start and the start, so that every agent has the order in time. */
export const START_DELAY_NS = 200e6;
/** How long an interrupted trial waits for what is under way. */
export const INTERRUPTED_DRAIN_SECONDS = 5;
