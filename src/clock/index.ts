export { msUntil, nowNs } from './clock.ts';
export { Metronome } from './metronome.ts';
export { StallWatch, type Stall } from './stall-watch.ts';
export { threadUrl } from './thread-url.ts';
