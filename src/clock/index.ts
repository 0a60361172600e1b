export { nowNs } from './clock.ts';
export { Metronome } from './metronome.ts';
export { threadUrl } from './thread-url.ts';
