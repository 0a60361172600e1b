export { NetworkPath } from './network-path.ts';
export { checkToxiproxy, fetchToxiproxy } from './program.ts';
export { ToxiproxyServer } from './server.ts';
