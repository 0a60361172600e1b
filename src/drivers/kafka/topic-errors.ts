import { UserError } from '../../user-error.ts';

export const topicExistsCode = 'kafka.topic-exists';

/** It may have other settings than those asked for, and holds the messages of somebody else. */
export function topicExists(topic: string, cause: unknown): UserError {
  return new UserError(`topic ${topic} already exists`, {
    code: topicExistsCode,
    exitCode: 3,
    hint: 'npx mqbench clean deletes what a crash left behind',
    cause,
  });
}

export const grants =
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

/** The code of a partition's answer to a send that the user may not make. */
export const topicForbiddenCode = 29;

export function writingForbidden(topic: string): string {
  return `kafka does not authorise this user to write to topic ${topic}`;
}

/** Why a send fails once its topic was deleted; the clients say it in words of their own, without its name. */
export function topicMissing(topic: string): string {
  return `topic ${topic} does not exist`;
}
