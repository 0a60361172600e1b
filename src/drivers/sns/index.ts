import {
  type AwsConfig,
  awsConfigSchema,
  capabilitiesOf,
  clientInfo,
  placeOf,
  promised,
} from '../aws/index.ts';
import type { DriverModule } from '../driver.ts';
import { SnsDriver } from './driver.ts';
import { LIBRARY } from './topics.ts';

/** Amazon SNS before SQS: a topic that fans out to a queue for each subscription. */
export const snsDriver: DriverModule<AwsConfig> = {
  name: 'sns',
  configSchema: awsConfigSchema,
  capabilities: (config) => {
    const { words, ...queue } = capabilitiesOf(config);
    // Publish has no delay
    const delayedDelivery = 'up to 15 min, of a whole queue only; not used here';
    return { ...queue, words: { ...words, delayedDelivery } };
  },
  promise: (contract, config) => promised(contract, { place: placeOf(config), fifo: config.fifo }),
  loadClient: () => clientInfo(LIBRARY),
  connect: (config, signal) => SnsDriver.connect(config, signal),
};
