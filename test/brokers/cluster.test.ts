import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requireNodes } from '../../src/brokers/cluster.ts';
import { kafka } from '../../src/brokers/kafka/index.ts';
import { serverProperties } from '../../src/brokers/kafka/properties.ts';
import { portsOfNodes } from '../../src/brokers/ports.ts';
import { rabbitmqConf } from '../../src/brokers/rabbitmq/configuration.ts';
import { rabbitmq } from '../../src/brokers/rabbitmq/index.ts';
import { redis } from '../../src/brokers/redis/index.ts';
import { allBrokers } from '../../src/brokers/registry.ts';
import { sitesOf } from '../../src/brokers/site.ts';

const everyBroker = allBrokers();

describe('the number of nodes', () => {
  for (const [title, definition, options] of [
    ['two', kafka, { nodes: 2 }],
    ['three of a broker without clusters', redis, { nodes: 3 }],
    ['three in containers', kafka, { nodes: 3, provider: 'docker' }],
  ] as const) {
    test(`given ${title}, then it is refused with what is possible`, () => {
      assert.throws(() => requireNodes(definition, options), { exitCode: 2, hint: /./ });
    });
  }

  test('given one, or none, then any broker can', () => {
    for (const definition of everyBroker) {
      requireNodes(definition, { nodes: 1, provider: 'docker' });
      requireNodes(definition, {});
    }
  });
});

describe('the ports of the nodes', () => {
  test('given clusters beside all other brokers, then no port is used twice', () => {
    const clusters = everyBroker.filter(({ cluster }) => cluster !== undefined);
    const others = everyBroker.filter(({ cluster }) => cluster === undefined);
    const ports = [
      ...others.flatMap(({ defaultPorts }) => Object.values(defaultPorts)),
      ...clusters.flatMap((definition) => {
        const shared = definition.cluster?.sharedPorts ?? [];
        return portsOfNodes(definition, 0, 3).flatMap((node, index) =>
          Object.entries(node)
            .filter(([use]) => index === 0 || !shared.includes(use))
            .map(([, port]) => port),
        );
      }),
    ];
    assert.equal(new Set(ports).size, ports.length, ports.toSorted((a, b) => a - b).join());
  });

  test('given an offset that leaves no room for the last node, then it is refused', () => {
    assert.throws(() => portsOfNodes(kafka, 65_535 - 19_093 - 100, 3), {
      code: 'brokers.port-offset',
      exitCode: 2,
    });
    assert.equal(portsOfNodes(kafka, 65_535 - 19_093 - 200, 3)[2]?.['controller'], 65_535);
  });

  test('given a port that the nodes share, then it is the same for all', () => {
    const nodes = portsOfNodes(rabbitmq, 10, 3);
    assert.deepEqual(
      nodes.map(({ broker, epmd }) => [broker, epmd]),
      [
        [5682, 14_379],
        [5782, 14_379],
        [5882, 14_379],
      ],
    );
  });
});

describe('the settings of a node', () => {
  const [, secondKafka] = sitesOf('kafka', portsOfNodes(kafka, 0, 3));
  const [loneKafka] = sitesOf('kafka', portsOfNodes(kafka, 0, 1));

  test('given three nodes of Kafka, then all vote, and internal topics outlive one of them', () => {
    assert.ok(secondKafka);
    const text = serverProperties(secondKafka);
    assert.match(text, /^node\.id=2$/m);
    assert.match(
      text,
      /^controller\.quorum\.voters=1@127\.0\.0\.1:19093,2@127\.0\.0\.1:19193,3@127\.0\.0\.1:19293$/m,
    );
    assert.match(text, /^offsets\.topic\.replication\.factor=3$/m);
    assert.match(text, /^transaction\.state\.log\.min\.isr=2$/m);
  });

  test('given one node of Kafka, then internal topics have one copy', () => {
    assert.ok(loneKafka);
    assert.match(serverProperties(loneKafka), /^offsets\.topic\.replication\.factor=1$/m);
  });

  test('given three nodes of RabbitMQ, then each knows all of them; given one, then none is looked for', () => {
    const [, second] = sitesOf('rabbitmq', portsOfNodes(rabbitmq, 0, 3));
    const [lone] = sitesOf('rabbitmq', portsOfNodes(rabbitmq, 0, 1));
    assert.ok(second && lone);
    assert.equal(
      rabbitmqConf(second).match(/classic_config\.nodes\.\d = mqbench[123]@localhost/g)?.length,
      3,
    );
    assert.ok(!rabbitmqConf(lone).includes('cluster_formation'));
  });
});
