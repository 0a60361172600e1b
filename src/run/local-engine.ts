import type { Engine } from './engine.ts';
import { processEngine } from './process-engine.ts';
import { threadEngine } from './thread-engine.ts';

/** Runs agents on this host: in threads, but for those that are to crash. */
export const localEngine: Engine = {
  start: (assignment, onReport) =>
    (assignment.mortal ? processEngine : threadEngine).start(assignment, onReport),
};
