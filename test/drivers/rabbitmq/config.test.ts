import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rabbitmqConfigSchema } from '../../../src/drivers/rabbitmq/config.ts';
import { parseEndpoint } from '../../../src/drivers/rabbitmq/endpoint.ts';
import { Management } from '../../../src/drivers/rabbitmq/management.ts';

describe('the configuration', () => {
  test('given nothing, then it is the broker on its usual port of 127.0.0.1', () => {
    assert.deepEqual(rabbitmqConfigSchema.parse({}), {
      url: 'amqp://guest:guest@127.0.0.1:5672',
      queueType: 'quorum',
      heartbeatSeconds: 10,
    });
  });

  test('given what it was parsed to, then it is parsed to the same', () => {
    const config = rabbitmqConfigSchema.parse({ queueType: 'classic', managementUrl: 'http://a:1' });
    assert.deepEqual(rabbitmqConfigSchema.parse(config), config);
  });

  test('given a url that is none, then it is refused without being quoted', () => {
    for (const url of [
      'localhost:5672',
      'http://u:s3cret@host',
      'amqp://u:s3cret%@host',
      'amqp://u:s3cret@',
    ]) {
      const { success, error } = rabbitmqConfigSchema.safeParse({ url });
      assert.equal(success, false, url);
      assert.ok(!error?.message.includes('s3cret'), error?.message);
    }
  });

  test('given an unknown key, then it is refused', () => {
    assert.equal(rabbitmqConfigSchema.safeParse({ queuetype: 'quorum' }).success, false);
  });
});

describe('an AMQP URL', () => {
  test('given all of its parts, then they are decoded', () => {
    assert.deepEqual(parseEndpoint('amqps://me:p%40ss@broker.example:5000/a%2Fb'), {
      address: 'broker.example:5000',
      tls: true,
      hostname: 'broker.example',
      port: 5000,
      username: 'me',
      password: 'p@ss',
      vhost: 'a/b',
    });
  });

  test('given only a host, then the rest is as RabbitMQ comes', () => {
    const { port, username, password, vhost } = parseEndpoint('amqp://[::1]') ?? {};
    assert.deepEqual([port, username, password, vhost], [5672, 'guest', 'guest', '/']);
    assert.equal(parseEndpoint('amqps://h')?.port, 5671);
    assert.equal(parseEndpoint('amqp://[::1]')?.hostname, '::1');
  });
});

describe('the address of the management API', () => {
  const addressesOf = (config: object): readonly string[] =>
    new Management(rabbitmqConfigSchema.parse(config)).addresses;
  const addressOf = (config: object): string => addressesOf(config).join();

  test('given none, then it is derived from the url', () => {
    assert.equal(addressOf({}), 'http://127.0.0.1:15672');
    assert.equal(addressOf({ url: 'amqps://[::1]' }), 'https://[::1]:15671');
  });

  test('given the nodes of a cluster, then each has its own', () => {
    assert.deepEqual(addressesOf({ url: ['amqp://a', 'amqp://b:1234'] }), [
      'http://a:15672',
      'http://b:15672',
    ]);
    assert.deepEqual(addressesOf({ url: ['amqp://a', 'amqp://b'], managementUrl: 'http://c:1' }), [
      'http://c:1',
    ]);
  });

  test('given one with a login, then the login is not part of it', () => {
    assert.equal(addressOf({ managementUrl: 'https://u:s3cret@host:443/prefix/' }), 'https://host/prefix');
  });
});
