import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

const produceKey = 0;

/**
 * Between a Kafka client and a broker on 127.0.0.1. It names itself wherever an answer names the broker, so
 * that no client goes round it, and can keep one acknowledgement to itself.
 */
export class LossyProxy implements AsyncDisposable {
  /** acknowledgements that were kept back */
  swallowed = 0;
  produceRequests = 0;
  readonly #server = net.createServer((client) => this.#join(client));
  readonly #sockets = new Set<Socket>();
  readonly #brokerPort: number;
  readonly #edit: (answer: Buffer) => void;
  #isArmed = false;
  #diesOfIt = false;

  /** @param edit changes answers on their way */
  static async open(
    brokerPort: number,
    edit: (answer: Buffer) => void = () => undefined,
  ): Promise<LossyProxy> {
    const proxy = new LossyProxy(brokerPort, edit);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  private constructor(brokerPort: number, edit: (answer: Buffer) => void) {
    this.#brokerPort = brokerPort;
    this.#edit = edit;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The broker's answer to the next produce request is swallowed, and its connection is cut. */
  loseNextAcknowledgement(): void {
    this.#isArmed = true;
  }

  /** As above, and nothing listens any more: as a broker that dies with what it has stored. */
  dieAtNextAcknowledgement(): void {
    this.#isArmed = true;
    this.#diesOfIt = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(client: Socket): void {
    const broker = net.connect({ host: '127.0.0.1', port: this.#brokerPort });
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    let lost: number | undefined;
    client.on(
      'data',
      frames((request) => {
        if (request.readInt16BE(4) === produceKey) {
          this.produceRequests += 1;
          if (this.#isArmed) lost = request.readInt32BE(8);
          this.#isArmed = false;
        }
        broker.write(request);
      }),
    );
    broker.on(
      'data',
      frames((answer) => {
        if (answer.readInt32BE(4) !== lost) {
          this.#edit(answer);
          client.write(this.#renamed(answer));
          return;
        }
        this.swallowed += 1;
        if (!this.#diesOfIt) return void client.destroy();
        this.#server.close();
        for (const socket of this.#sockets) socket.destroy();
      }),
    );
  }

  /** Metadata and FindCoordinator answer with host and port one behind the other. */
  #renamed(answer: Buffer): Buffer {
    const brokers = address(this.#brokerPort);
    for (let at = answer.indexOf(brokers); at >= 0; at = answer.indexOf(brokers, at + 1)) {
      address(this.port).copy(answer, at);
    }
    return answer;
  }
}

function address(port: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(port);
  return Buffer.concat([Buffer.from('127.0.0.1'), bytes]);
}

/** Cuts a stream into requests or answers, each with its four bytes of length. */
function frames(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      onFrame(Buffer.from(rest.subarray(0, end)));
      rest = rest.subarray(end);
    }
  };
}
