import { spawn } from 'node:child_process';

/**
 * Runs a program for as long as the process lives that forked this one, and ends it with that, however it ends:
 * nobody is left to stop a proxy when mqbench is killed.
 */
const [file = '', ...args] = process.argv.slice(2);
const program = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
const end = (): void => {
  // it holds nothing that has to be saved
  program.kill('SIGKILL');
};
program.on('error', () => process.exit(1));
program.on('exit', (code) => process.exit(code ?? 1));
process.on('disconnect', end);
process.on('SIGTERM', end);
