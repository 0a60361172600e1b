/** What starts a broker: software of this machine as a process of ours, or a container. */
export type Provider = 'native' | 'docker';

export type BrokerName = 'elasticmq' | 'kafka' | 'nats' | 'pulsar' | 'rabbitmq' | 'redis';

/** Port numbers by what listens on them: `broker`, `management`. All on 127.0.0.1. */
export type Ports = Readonly<Record<string, number>>;

/** A broker that `mqbench up` started and that was seen alive. Plain data. */
export interface RunningBroker {
  name: string;
  /** the driver that speaks to it */
  driver: string;
  provider: Provider;
  version: string;
  /** leader of the broker's process group; undefined for a container */
  pid: number | undefined;
  ports: Record<string, number>;
  /** configuration for the driver, as plain data */
  connection: Record<string, unknown>;
  dataDir: string | undefined;
  logFile: string | undefined;
  startedAt: string;
}

/** What a folder under src/brokers exports, and all that the rest of the room knows of it. */
export interface BrokerDefinition {
  readonly name: BrokerName;
  /** the product's name as people write it */
  readonly title: string;
  /** the driver that speaks to it, where that does not bear the broker's name */
  readonly driver?: string;
  /** the ports of a broker that was started without an offset */
  readonly defaultPorts: Ports;
  connection(ports: Ports): Record<string, unknown>;
  readonly native: NativeDefinition;
  readonly docker: DockerDefinition;
}

export interface NativeDefinition {
  /** Looks for the software, changes nothing. */
  check(): Promise<Check>;
  /**
   * Fetches what is missing, writes the broker's files into the site and says how to start it. Called again
   * for a restart: what the data directory holds is kept.
   */
  prepare(site: Site, progress: Progress): Promise<Launch>;
  /** The broker's version once it serves clients, undefined until then. Rejects only on a bug. */
  ready(probe: Probe): Promise<string | undefined>;
}

interface DockerDefinition {
  /** the service in docker/compose.yaml, and its profile */
  readonly service: string;
  /** the version of the image that docker/compose.yaml pins */
  readonly version: string;
  /** the ports that the container publishes; the others stay inside */
  readonly published: readonly string[];
}

/** Whether a broker can be started here, and if not, what to do about it. */
export type Check =
  | { readonly usable: true; readonly detail: string }
  | { readonly usable: false; readonly detail: string; readonly remedy: string };

/** Where one broker lives on this machine. */
export interface Site {
  readonly directory: string;
  readonly dataDir: string;
  readonly ports: Ports;
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  /** the whole environment of the process */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Probe {
  readonly ports: Ports;
  /** what the broker has logged since this start */
  readonly log: string;
  readonly signal: AbortSignal;
}

/** How a long operation is ended and tells what it does. */
export interface Progress {
  readonly signal: AbortSignal;
  onProgress(text: string): void;
}
