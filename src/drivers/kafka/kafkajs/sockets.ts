import type { Socket } from 'node:net';

/**
 * The connections of one kafkajs client. kafkajs may open another one while it disconnects, after a broker came
 * back, and forgets it; it would keep the process alive.
 */
export class Sockets {
  readonly #open = new Set<Socket>();
  readonly #onClosed: () => void;
  #isEnded = false;

  /** @param onClosed told of every connection that was closed */
  constructor(onClosed: () => void = () => undefined) {
    this.#onClosed = onClosed;
  }

  get size(): number {
    return this.#open.size;
  }

  add(socket: Socket): void {
    if (this.#isEnded) {
      socket.end();
      return;
    }
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#onClosed();
    });
  }

  /**
   * Ends all connections, and every later one as soon as it is made. Not by force: kafkajs stops the timers of
   * a connection when the broker has closed its side too.
   */
  end(): void {
    this.#isEnded = true;
    for (const socket of this.#open) socket.end();
  }

  /** For a broker that does not answer. */
  destroy(): void {
    this.#isEnded = true;
    for (const socket of this.#open) socket.destroy();
  }
}
