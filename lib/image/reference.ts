import { ColdpressError } from '../errors.ts';

/**
 * A reference to an image in Docker's notation: `node:24-slim`, `ghcr.io/team/model:1`, `registry:5000/base@sha256:…`.
 */
export interface Reference {
  /** The registry as written in names: `docker.io`. */
  registry: string;
  repository: string;
  /** Absent if the reference only has a digest. */
  tag?: string;
  /** `sha256:` and 64 hexadecimal digits. */
  digest?: string;
}

// https://github.com/distribution/reference/blob/main/regexp.go
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const pattern = new RegExp(
  `^(?:([a-zA-Z0-9.-]+(?::\\d+)?|\\[[0-9a-f:]+\\](?::\\d+)?)/)?(${component}(?:/${component})*)(?::(\\w[\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`,
);

/**
 * @param option - the option to name in the error: `--base`
 * @throws ColdpressError IMAGE_NAME_INVALID
 */
export function parseReference(text: string, option: string): Reference {
  const [, first, rest, tag, digest] = pattern.exec(text) ?? [];
  if (rest === undefined) {
    throw new ColdpressError('IMAGE_NAME_INVALID', `${option} is ${JSON.stringify(text)}`, {
      hint: 'as a registry names it: node:24-bookworm-slim, registry.example.com/team/model:1, NAME@sha256:…',
    });
  }
  // Docker's rule: the part before the first slash is a host only if it looks like one.
  const isHost = first !== undefined && (/[.:[]/.test(first) || first === 'localhost');
  const registry = isHost ? first.replace(/^(index|registry-1)\.docker\.io$/, 'docker.io') : 'docker.io';
  const path = isHost || first === undefined ? rest : `${first}/${rest}`;
  const chosen = tag ?? (digest === undefined ? 'latest' : undefined);
  return {
    registry,
    repository: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path,
    ...(chosen !== undefined && { tag: chosen }),
    ...(digest !== undefined && { digest }),
  };
}

/** The full name, without the digest if there is a tag. The lock lists bases by this name. */
export function nameOf({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? `@${digest}` : `:${tag}`}`;
}
