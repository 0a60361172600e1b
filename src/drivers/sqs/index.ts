import {
  type AwsConfig,
  awsConfigSchema,
  capabilitiesOf,
  clientInfo,
  placeOf,
  promised,
} from '../aws/index.ts';
import type { DriverModule } from '../driver.ts';
import { LIBRARY, SqsDriver } from './driver.ts';

/** Amazon SQS, and what speaks its protocol. */
export const sqsDriver: DriverModule<AwsConfig> = {
  name: 'sqs',
  configSchema: awsConfigSchema,
  capabilities: (config) => ({ ...capabilitiesOf(config), fanOut: 'none' }),
  promise: (contract, config) => promised(contract, { place: placeOf(config), fifo: config.fifo }),
  loadClient: () => clientInfo(LIBRARY),
  connect: (config, signal) => SqsDriver.connect(config, signal),
};
