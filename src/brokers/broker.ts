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
  /** configuration for the driver, as plain data; names every node */
  connection: Record<string, unknown>;
  startedAt: string;
  /** one, or the members of a cluster; at least one of them is alive */
  nodes: RunningNode[];
}

/** A node of a running broker, alive or not. */
export interface RunningNode {
  /** its number, from 1 */
  node: number;
  /** `paused`: it lives, and a signal holds it up; as a fault does, also one whose run was cut off */
  condition: 'alive' | 'paused' | 'died' | 'killed by mqbench';
  /** leader of the node's process group; undefined for a container */
  pid: number | undefined;
  ports: Record<string, number>;
  dataDir: string | undefined;
  logFile: string | undefined;
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
  /** undefined where it runs as one node only */
  readonly cluster?: ClusterDefinition;
  /** The driver's configuration for the ports of each node. */
  connection(...nodes: readonly Ports[]): Record<string, unknown>;
  /** How the clients of one node are led through a proxy. */
  detour(config: DriverConfig): Detour;
  readonly native: NativeDefinition;
  readonly docker: DockerDefinition;
}

/** A driver's configuration, as plain data. */
export type DriverConfig = Readonly<Record<string, unknown>>;

interface Detour {
  /** use of the port that the proxy leads to */
  readonly to: string;
  /** use of the port at which the proxy listens, where the broker itself tells clients of it; undefined: any */
  readonly at?: string;
  /** what is different in the driver's configuration for clients that take it */
  connection(proxyPort: number): DriverConfig;
}

interface ClusterDefinition {
  /** those of the broker's ports that all nodes use together */
  readonly sharedPorts: readonly string[];
}

export interface NativeDefinition {
  /** Looks for the software, changes nothing. */
  check(): Promise<Check>;
  /**
   * Fetches what is missing, writes the broker's files into the site and says how to start it. Called again
   * for a restart: what the data directory holds is kept.
   */
  prepare(site: Site, progress: Progress): Promise<Launch>;
  /**
   * The node's version once it serves clients and knows as many nodes as the probe says, undefined until then.
   * Rejects only on a bug.
   */
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

/** Where one node of a broker lives on this machine. */
export interface Site {
  /** its number, from 1 */
  readonly node: number;
  readonly directory: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly ports: Ports;
  /** the folder of the whole broker, which is the node's own where it is the only one */
  readonly shared: string;
  /** ports of every node, this one included, in the order of their numbers */
  readonly everyNode: readonly Ports[];
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  /** the whole environment of the process */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Probe {
  readonly ports: Ports;
  /** what the node has logged since this start */
  readonly log: string;
  /** how many nodes must run and know one another, this one included */
  readonly nodes: number;
  readonly signal: AbortSignal;
}

/** How a long operation is ended and tells what it does. */
export interface Progress {
  readonly signal: AbortSignal;
  onProgress(text: string): void;
}
