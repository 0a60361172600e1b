import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pulsarConfigSchema } from '../../../src/drivers/pulsar/config.ts';
import { bareTopicName, fullTopicName, partitionName, topicPath } from '../../../src/drivers/pulsar/names.ts';

describe('the configuration', () => {
  test('given nothing, then it is a broker on the usual ports of 127.0.0.1, and the native client', () => {
    assert.deepEqual(pulsarConfigSchema.parse({}), {
      client: 'native',
      serviceUrl: 'pulsar://127.0.0.1:6650',
      adminUrl: 'http://127.0.0.1:8080',
      tenant: 'public',
      namespace: 'default',
    });
  });

  test('given what it was parsed to, then it is parsed to the same', () => {
    const config = pulsarConfigSchema.parse({ client: 'websocket', bookieUrl: 'http://a:8000', token: 't' });
    assert.deepEqual(pulsarConfigSchema.parse(config), config);
  });

  test('given what cannot be meant, then it is refused', () => {
    for (const config of [
      { serviceUrl: 'http://127.0.0.1:8080' },
      { adminUrl: 'pulsar://127.0.0.1:6650' },
      { webSocketUrl: 'http://127.0.0.1:8080' },
      { client: 'java' },
      { namespace: 'a/b' },
      { port: 6650 },
    ]) {
      assert.equal(pulsarConfigSchema.safeParse(config).success, false, JSON.stringify(config));
    }
  });
});

describe('the name of a topic', () => {
  const where = { tenant: 'public', namespace: 'default' };

  test('given a topic and its partition, then both lead back to its own name', () => {
    const topic = 'mqbench.campaign-1.t1.orders';
    assert.equal(fullTopicName(where, topic), `persistent://public/default/${topic}`);
    assert.equal(partitionName(topic, 3), `${topic}-partition-3`);
    assert.equal(bareTopicName(fullTopicName(where, topic)), topic);
    assert.equal(bareTopicName(fullTopicName(where, partitionName(topic, 12))), topic);
  });

  test('given letters that mean something in a path, then they do not', () => {
    assert.equal(topicPath(where, 'a?b'), 'public/default/a%3Fb');
  });
});
