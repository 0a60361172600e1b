import { z } from 'zod';
import { isAmazonHost } from './place.ts';

const endpoint = z
  .string()
  .refine(
    (url) => /^https?:\/\/[^/@]+\/?$/.test(url) && URL.canParse(url),
    'not of the form http[s]://host:port',
  );

/** What the drivers of SQS and SNS are configured with alike. See `placeOf` for where a target then is. */
export const awsConfigSchema = z
  .strictObject({
    region: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'not a region, such as eu-west-1')
      .optional()
      .describe('a region alone is AWS itself, which bills every request; neither: the emulator in mqbench'),
    endpoint: endpoint.optional().describe('of an emulator, or of a VPC endpoint under amazonaws.com'),
    profile: z.string().min(1).optional().describe('of ~/.aws/config; AWS only, else the usual chain'),
    emulatorVersion: z.string().optional().describe('of what is at the endpoint, which does not tell it'),
    fifo: z.boolean().default(false).describe('FIFO queues (and topics): order per key, deduplication by id'),
    visibilitySeconds: z
      .number()
      .int()
      .min(1)
      .max(43_200)
      .default(30)
      .describe('after which an unsettled message of a consumer that died is delivered again'),
    waitSeconds: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(1)
      .describe('of long polling; a consumer that pauses or closes waits for it'),
    receives: z.number().int().min(1).max(64).default(8).describe('at most under way at once, a consumer'),
    sends: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(16)
      .describe('at most under way at once, a producer; with fifo, one of a key'),
  })
  .refine(({ endpoint, region }) => region !== undefined || !isAmazonHost(hostOf(endpoint)), {
    path: ['region'],
    message: 'an endpoint of AWS needs its region beside it',
  });

export type AwsConfig = z.output<typeof awsConfigSchema>;

function hostOf(endpoint: string | undefined): string {
  return endpoint === undefined || !URL.canParse(endpoint) ? '' : new URL(endpoint).hostname;
}
