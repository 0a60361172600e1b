import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

/** Who does something, and of which commit; null where nobody tells. */
export interface Origin {
  readonly by: string;
  readonly commit: string | null;
  readonly branch: string | null;
}

/** By what GitHub Actions and GitLab CI tell, else by git, else by the system. */
export async function originOf(environment: NodeJS.ProcessEnv): Promise<Origin> {
  const told = (...names: readonly string[]): string | undefined =>
    names.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
  return {
    by:
      told('GITHUB_ACTOR', 'GITLAB_USER_LOGIN') ?? (await git('config', 'user.name')) ?? userInfo().username,
    commit: told('GITHUB_SHA', 'CI_COMMIT_SHA') ?? (await git('rev-parse', 'HEAD')) ?? null,
    branch:
      told('GITHUB_HEAD_REF', 'GITHUB_REF_NAME', 'CI_COMMIT_BRANCH', 'CI_COMMIT_REF_NAME') ??
      (await git('branch', '--show-current')) ??
      null,
  };
}

/** undefined where there is no git, no repository, or no answer */
async function git(...args: readonly string[]): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)('git', args).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' ? undefined : stdout.trim();
}
