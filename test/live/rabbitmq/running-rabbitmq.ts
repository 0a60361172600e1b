import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { brokerNamed, runningBrokers } from '../../../src/brokers/index.ts';
import { brokerDirectory } from '../../../src/brokers/home.ts';
import { rabbitmqDriver } from '../../../src/drivers/rabbitmq/index.ts';
import type { Driver } from '../../../src/drivers/index.ts';
import { isTested } from '../fixtures/running.ts';

const run = promisify(execFile);
/** Debian's /usr/sbin/rabbitmqctl changes to the user of the system service. */
const RABBITMQCTL = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/** The RabbitMQ that `mqbench up` started, seen as its administrator. */
export class RunningRabbitmq {
  /** with the login of guest */
  readonly url: URL;
  readonly #managementUrl: URL;

  private constructor(url: URL, managementUrl: URL) {
    this.url = url;
    this.#managementUrl = managementUrl;
  }

  /** undefined, and the test skipped, where there is none. */
  static async find(t: TestContext): Promise<RunningRabbitmq | undefined> {
    if (!(await isTested(t, 'rabbitmq'))) return undefined;
    const broker = (await runningBrokers()).find(({ name }) => name === 'rabbitmq');
    const { url, managementUrl } = broker?.connection ?? {};
    return new RunningRabbitmq(new URL(String([url].flat()[0])), new URL(String([managementUrl].flat()[0])));
  }

  /** @param changes of the url: another user, another virtual host */
  connect(
    changes: Partial<Pick<URL, 'username' | 'password' | 'pathname' | 'port' | 'protocol'>> = {},
  ): Promise<Driver> {
    // a URL changes its protocol only among those that the WHATWG knows
    const { protocol = 'amqp:', ...rest } = changes;
    const url = Object.assign(new URL(this.url), rest).href.replace(/^amqp:/, protocol);
    const config = rabbitmqDriver.configSchema.parse({ url, managementUrl: this.#managementUrl.href });
    return rabbitmqDriver.connect(config, new AbortController().signal);
  }

  /** Runs rabbitmqctl on its first node. */
  async control(...args: readonly string[]): Promise<string> {
    const { defaultPorts } = brokerNamed('rabbitmq');
    const offset = Number(this.url.port) - (defaultPorts['broker'] ?? 0);
    const { node } = (await this.api('GET', 'overview')) as { node: string };
    const { stdout } = await run(RABBITMQCTL, [...args], {
      env: {
        ...process.env,
        // where Erlang keeps its cookie
        HOME: brokerDirectory('rabbitmq'),
        ERL_EPMD_PORT: String((defaultPorts['epmd'] ?? 0) + offset),
        RABBITMQ_NODENAME: node,
      },
    });
    return stdout;
  }

  /** Asks the management API. */
  async api(method: 'GET' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const { origin, username, password } = this.#managementUrl;
    const response = await fetch(`${origin}/api/${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(response.ok, `${method} ${path}: HTTP ${response.status}`);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }
}
