/** Who uses the machine: several at a time, or one that has it for itself. First come, first served. */
export class Turns {
  /** the end of the last one that has it for itself */
  #alone: Promise<unknown> = Promise.resolve();

  /** ends of those that came after it */
  #shared: Promise<unknown>[] = [];

  shared<T>(task: () => Promise<T>): Promise<T> {
    const running = this.#alone.then(task);
    this.#shared.push(Promise.allSettled([running]));
    return running;
  }

  alone<T>(task: () => Promise<T>): Promise<T> {
    const running = Promise.all([this.#alone, ...this.#shared]).then(task);
    this.#alone = Promise.allSettled([running]);
    this.#shared = [];
    return running;
  }
}
