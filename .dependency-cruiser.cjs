/** The rooms, and which may know which. A room is entered through its index. */
const ROOMS = {
  'user-error.ts': [],
  'make-folder.ts': [],
  'write-atomically.ts': [],
  stats: [],
  load: ['stats'],
  clock: [],
  yaml: [],
  scenario: ['yaml', 'load', 'stats'],
  measure: ['load', 'stats', 'scenario'],
  drivers: ['scenario', 'yaml', 'load'],
  workloads: ['drivers', 'measure', 'scenario', 'load', 'clock'],
  result: ['measure', 'scenario', 'make-folder', 'write-atomically'],
  run: ['workloads', 'drivers', 'result', 'measure', 'scenario', 'clock'],
  report: ['result', 'measure', 'stats'],
  decision: ['yaml', 'scenario', 'result', 'report', 'stats'],
  compare: ['yaml', 'scenario', 'result', 'report', 'stats'],
  import: ['result'],
  ci: [],
  baseline: ['compare', 'report', 'result', 'stats', 'make-folder', 'write-atomically'],
  adr: ['decision', 'yaml', 'result', 'make-folder'],
  brokers: ['make-folder', 'drivers', 'yaml', 'clock', 'load', 'stats'],
  targets: ['run', 'brokers', 'canary', 'drivers', 'scenario', 'yaml'],
  capacity: ['run', 'report', 'result', 'measure', 'scenario'],
  canary: ['brokers', 'drivers', 'clock', 'stats'],
  selftest: ['run', 'clock', 'brokers', 'drivers', 'result', 'measure', 'scenario', 'load', 'stats'],
};

/** Rooms that are given time, randomness and data, and fetch none themselves. */
const PURE = ['ci', 'compare', 'decision', 'load', 'measure', 'stats'];

const rooms = Object.keys(ROOMS).filter((room) => !room.endsWith('.ts'));

module.exports = {
  forbidden: [
    ...rooms.map((room) => ({
      name: `${room}-knows-only-its-neighbours`,
      comment: `src/${room} may import from: ${ROOMS[room].join(', ') || 'nothing of ours'} (see .dependency-cruiser.cjs)`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: {
        path: '^src/',
        pathNot: [`^src/${room}/`, '^src/user-error', ...ROOMS[room].map((each) => `^src/${each}(/|\\.ts$)`)],
      },
    })),
    {
      name: 'through-the-index',
      comment: 'a room, and a folder within one, is entered through its index.ts',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '/index\\.ts$'] },
    },
    {
      name: 'pure-rooms-stay-pure',
      comment: 'no clock, no file, no network: they come in as arguments',
      severity: 'error',
      from: { path: `^src/(${PURE.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'brokers-do-not-know-each-other',
      comment: 'drivers/aws is no broker: what SQS and SNS share, since SNS delivers into queues of SQS',
      severity: 'error',
      from: { path: '^src/(drivers|brokers)/([^/]+)/' },
      to: { path: '^src/$1/[^/]+/', pathNot: ['^src/$1/$2/', '^src/drivers/aws/index\\.ts$'] },
    },
    {
      name: 'clients-belong-to-their-driver',
      severity: 'error',
      from: { pathNot: '^src/drivers/' },
      to: {
        path: 'node_modules/(kafkajs|@platformatic/kafka|amqplib|pulsar-client|ws|@nats-io/[^/]+|redis|@redis/client|@aws-sdk/client-s[qn]s)/',
      },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['-?thread\\.ts$', '^src/cli/main\\.ts$'] },
      to: {},
    },
    {
      name: 'dependencies-are-declared',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
