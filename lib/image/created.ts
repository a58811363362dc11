import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ColdpressError } from '../errors.ts';

/** The origin of an image according to version control. */
export interface Origin {
  /** ISO 8601, in UTC. 1970 if neither SOURCE_DATE_EPOCH nor a commit is available; never the time of the build. */
  created: string;
  /** The commit, with `-dirty` if its files were changed. */
  revision?: string;
  /** The URL of the repository. */
  source?: string;
}

const run = promisify(execFile);

/**
 * Reads SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/) and the commit of `cwd`.
 * @throws ColdpressError SOURCE_DATE_INVALID
 */
export async function originOf(cwd: string, env: NodeJS.ProcessEnv): Promise<Origin> {
  const git = (...args: string[]) =>
    run('git', ['-C', cwd, ...args], { env: { ...env, GIT_OPTIONAL_LOCKS: '0' } }).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
  const [head, changes, remote] = await Promise.all([
    git('log', '-1', '--format=%H %ct'),
    git('status', '--porcelain', '--untracked-files=no'),
    git('config', '--get', 'remote.origin.url'),
  ]);
  const [commit, committed] = head?.split(' ') ?? [];
  const source = remote === undefined ? undefined : webAddress(remote);
  const epoch = env.SOURCE_DATE_EPOCH ?? committed ?? '0';
  if (!/^\d{1,12}$/.test(epoch)) {
    throw new ColdpressError('SOURCE_DATE_INVALID', `SOURCE_DATE_EPOCH is ${JSON.stringify(epoch)}`, {
      hint: 'seconds since 1970: export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)',
    });
  }
  return {
    // Without milliseconds, like other builders.
    created: new Date(1000 * Number(epoch)).toISOString().replace('.000Z', 'Z'),
    ...(commit !== undefined && { revision: changes === '' ? commit : `${commit}-dirty` }),
    ...(source !== undefined && { source }),
  };
}

/** Converts `git@host:team/repo.git` and URLs with credentials to a public URL; `undefined` for a path. */
export function webAddress(remote: string): string | undefined {
  const [, host, path] = /^(?:ssh:\/\/)?(?:[^@/]+@)([^:/]+)[:/](?:\d+\/)?(.+)$/.exec(remote) ?? [];
  const isUrl = /^https?:\/\//.test(remote) && URL.canParse(remote);
  const url = isUrl ? new URL(remote) : host === undefined ? undefined : new URL(`https://${host}/${path}`);
  return url === undefined ? undefined : `https://${url.host}${url.pathname}`.replace(/(\.git)?\/?$/, '');
}
