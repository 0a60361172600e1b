import { UserError } from '../../user-error.ts';

export const topicExistsCode = 'kafka.topic-exists';

const grants =
  'grant Create, Describe, DescribeConfigs, Write, Read and Delete on topics and groups named mqbench.*';

/** The user of the target may not do it. */
export function notAuthorised(what: string, cause: unknown): UserError {
  return new UserError(`kafka does not authorise this user to ${what}`, {
    code: 'kafka.authorisation',
    exitCode: 3,
    hint: grants,
    cause,
  });
}

/** TOPIC_AUTHORIZATION_FAILED and KAFKA_STORAGE_ERROR: https://kafka.apache.org/protocol#protocol_error_codes */
const topicForbiddenCode = 29;
const storageErrorCode = 56;

/** What a code says that a person has to mend before sends to the topic succeed; undefined for any other. */
export function mendable(
  codes: readonly number[],
  topic: string,
): { readonly reason: string; readonly mend: string } | undefined {
  if (codes.includes(topicForbiddenCode))
    return { reason: `kafka does not authorise this user to write to topic ${topic}`, mend: grants };
  if (codes.includes(storageErrorCode))
    return { reason: 'KAFKA_STORAGE_ERROR', mend: "make room on the broker's disk, which is full or broken" };
  return undefined;
}

/** Why a send fails once its topic was deleted; the clients say it in words of their own, without its name. */
export function topicMissing(topic: string): string {
  return `topic ${topic} does not exist`;
}
