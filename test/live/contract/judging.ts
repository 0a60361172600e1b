import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunningBroker } from '../../../src/brokers/index.ts';
import type { Judgement } from './judge.ts';

const CASE_TIMEOUT_MS = 90_000;

const program = fileURLToPath(new URL('judging-process.ts', import.meta.url));

export type Request =
  | { readonly target: string; readonly running: readonly RunningBroker[] }
  | { readonly case: string };

export type Answer =
  | { readonly server: string }
  | { readonly judgement: Judgement }
  | { readonly failure: string };

/**
 * A process that judges one target. Cases of several targets can wait at the same time then, and yet each counts the
 * sockets of its own process, and has an event loop that no other target holds up.
 */
export class Judging implements AsyncDisposable {
  readonly #target: string;
  readonly #running: readonly RunningBroker[];
  #process: { readonly child: ChildProcess; readonly ended: Promise<string> } | undefined;

  /** @param running as it was found before any broker was restarted */
  constructor(target: string, running: readonly RunningBroker[]) {
    this.#target = target;
    this.#running = running;
  }

  /** Starts it. Returns product and version of the server. */
  async open(): Promise<string> {
    // what is the test runner's in the environment would have the process report to it, and not to us
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = fork(program, { env, execArgv: [], serialization: 'advanced' });
    const ended = once(child, 'exit').then(([code, signal]) => String(code ?? signal));
    this.#process = { child, ended };
    const answer = await this.#ask({ target: this.#target, running: this.#running });
    if ('server' in answer) return answer.server;
    throw new Error(`${this.#target} does not say its server`);
  }

  /** Throws what the case fails with, or that it took too long: the process is another one then. */
  async judge(name: string): Promise<Judgement> {
    if (this.#process === undefined) await this.open();
    const answer = await this.#ask({ case: name });
    if ('judgement' in answer) return answer.judgement;
    throw new Error(`${this.#target} is not judged`);
  }

  /** Lets it end by itself, and throws where it does not. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process === undefined) return;
    const { child, ended } = this.#process;
    if (child.connected) child.disconnect();
    const how = await ended;
    if (how !== '0') throw new Error(`the process that judged ${this.#target} ended with ${how}`);
  }

  async #ask(request: Request): Promise<Answer> {
    if (this.#process === undefined) throw new Error('it is not open');
    const { child, ended } = this.#process;
    const patience = new AbortController();
    const { signal } = patience;
    try {
      const answered = once(child, 'message', { signal });
      child.send(request);
      const late = sleep(CASE_TIMEOUT_MS, 'late' as const, { signal });
      const first = await Promise.race([answered, ended, late]);
      if (typeof first === 'string') {
        this.#process = undefined;
        child.kill('SIGKILL');
        throw new Error(
          first === 'late' ? `it took longer than ${CASE_TIMEOUT_MS} ms` : `its process ended with ${first}`,
        );
      }
      const [answer] = first as [Answer];
      if ('failure' in answer) {
        const [line] = answer.failure.split('\n');
        throw Object.assign(new Error(line), { stack: answer.failure });
      }
      return answer;
    } finally {
      patience.abort();
    }
  }
}
