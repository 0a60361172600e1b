import type { ChannelModel } from 'amqplib';
import { UserError } from '../../user-error.ts';
import type { RabbitmqConfig } from './config.ts';
import { Connection, type Tenant } from './connection.ts';
import { channelFailure } from './failure.ts';

/** How long a task waits for a lost connection to come back. */
const PATIENCE_MS = 10_000;

/** The connection on which topology is managed. */
export class Control implements Tenant, AsyncDisposable {
  #connection: Connection | undefined;
  #model: ChannelModel | undefined;
  #version = '0';
  #product = 'RabbitMQ';
  #attached: (() => void)[] = [];

  /** @throws UserError when there is no broker, or it does not let us in */
  static async open(config: RabbitmqConfig, signal: AbortSignal): Promise<Control> {
    const control = new Control();
    control.#connection = await Connection.open(config, control, signal);
    return control;
  }

  /** by the server's own account */
  get product(): string {
    return this.#product;
  }

  get version(): string {
    return this.#version;
  }

  attach(model: ChannelModel): Promise<void> {
    const { product, version } = model.connection.serverProperties;
    this.#product = product;
    this.#version = version;
    this.#model = model;
    model.on('close', () => {
      if (this.#model === model) this.#model = undefined;
    });
    for (const resume of this.#attached.splice(0)) resume();
    return Promise.resolve();
  }

  lost(error: Error): void {
    // attach never fails, so that this connection is never given up
    throw error;
  }

  /**
   * Runs a task on the connection, once it is there.
   *
   * @throws UserError when it is not there within 10 s, or is lost meanwhile; what the task throws otherwise
   */
  async run<T>(task: (model: ChannelModel) => Promise<T>): Promise<T> {
    const model = this.#model ?? (await this.#comeBack());
    try {
      return await task(model);
    } catch (error) {
      if (this.#model === model) throw channelFailure(error, this.#connection?.address ?? '');
      throw this.#away(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection?.[Symbol.asyncDispose]();
  }

  async #comeBack(): Promise<ChannelModel> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      this.#attached.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    if (this.#model === undefined) throw this.#away(undefined);
    return this.#model;
  }

  #away(cause: unknown): UserError {
    const address = this.#connection?.address;
    return new UserError(`lost RabbitMQ at ${address}: ${this.#connection?.trouble}`, {
      code: 'driver.unreachable',
      exitCode: 3,
      hint: 'see its log; npx mqbench status',
      cause,
    });
  }
}
