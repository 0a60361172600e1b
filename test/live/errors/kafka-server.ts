import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { libraryDirectory } from '../../../src/brokers/home.ts';
import { kafkaVersion } from '../../../src/brokers/kafka/native.ts';
import { certificateIn, Folder, OwnServer, freePorts, listensAt, programAt } from './own-server.ts';

const run = promisify(execFile);
/** any 16 bytes in base64url */
const CLUSTER_ID = 'bXFiZW5jaC1lcnJvcnMwMA';
const JVM_OPTIONS = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

export interface KafkaPorts {
  /** no login, and everything is allowed */
  readonly plain: number;
  /** SASL/PLAIN, where only ACLs allow anything */
  readonly sasl: number;
  readonly tls: number;
  readonly controller: number;
}

export interface KafkaOptions {
  /** password by name; what they may do is told by ACLs, and there are none yet */
  readonly users?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string | number>>;
  /** No file grows beyond it, in 512 bytes: what a full disk is to the broker, without a disk to fill. */
  readonly fileBlocks?: number;
}

/** A broker with three listeners and ACLs, from the jars that `mqbench up kafka` uses. */
export class KafkaServer implements AsyncDisposable {
  readonly ports: KafkaPorts;
  readonly server: OwnServer;
  readonly #folder: Folder;

  private constructor(ports: KafkaPorts, folder: Folder, server: OwnServer) {
    this.ports = ports;
    this.server = server;
    this.#folder = folder;
  }

  static async start({ users = {}, settings = {}, fileBlocks }: KafkaOptions): Promise<KafkaServer> {
    const folder = await Folder.make();
    const [plain = 0, sasl = 0, tls = 0, controller = 0] = await freePorts(4);
    const ports = { plain, sasl, tls, controller };
    const { certificate, key } = await certificateIn(folder);
    const pem = await folder.write(
      'keystore.pem',
      `${await readFile(key, 'utf8')}${await readFile(certificate, 'utf8')}`,
    );
    const all = { ...listeners(ports), ...logins(users), ...stores(folder, pem), ...settings };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
    const properties = await folder.write('server.properties', lines.join(''));
    const java = await programAt('java');
    const jars = ['-cp', join(libraryDirectory(), `kafka-${kafkaVersion}`, '*')];
    const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties];
    await run(java, [...JVM_OPTIONS, ...jars, ...format]);
    const limit = fileBlocks === undefined ? '' : `ulimit -f ${fileBlocks}; `;
    const server = await OwnServer.start({
      file: '/bin/sh',
      args: ['-c', `${limit}exec "$@"`, 'kafka', java, ...JVM_OPTIONS, ...jars, 'kafka.Kafka', properties],
      isReady: async (log) => log.includes('Kafka Server started') && (await listensAt(plain)),
      patienceMs: 40_000,
    });
    return new KafkaServer(ports, folder, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

function listeners({ plain, sasl, tls, controller }: KafkaPorts): Readonly<Record<string, string | number>> {
  const at = (name: string, port: number): string => `${name}://127.0.0.1:${port}`;
  const open = [at('PLAIN', plain), at('LOGIN', sasl), at('TLS', tls)];
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAIN',
    'listener.security.protocol.map': 'PLAIN:PLAINTEXT,LOGIN:SASL_PLAINTEXT,TLS:SSL,CONTROLLER:PLAINTEXT',
    listeners: [...open, at('CONTROLLER', controller)].join(','),
    'advertised.listeners': open.join(','),
  };
}

/** Who does not log in, as on the listeners without SASL, is ANONYMOUS. */
function logins(users: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const known = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  return {
    'sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.login.plain.sasl.jaas.config': `${[module, ...known].join(' ')};`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  };
}

function stores({ path }: Folder, pem: string): Readonly<Record<string, string | number | boolean>> {
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': pem,
    'log.dirs': join(path, 'data'),
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    // indices are allocated at their full size
    'log.index.size.max.bytes': 65_536,
  };
}
