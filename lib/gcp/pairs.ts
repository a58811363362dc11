import { ColdpressError } from '../errors.ts';

/** Parses `NAME=VALUE`, the values of a repeatable flag. @throws ColdpressError OPTION_INVALID */
export function parsePairs(flag: string, pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(pairs.map(text => split(flag, text)));
}

/** A variable whose value Google reads from Secret Manager. */
export interface SecretVariable {
  key: string;
  projectId: string;
  secret: string;
  version: string;
}

/** @throws ColdpressError OPTION_INVALID */
export function parseSecrets(pairs: readonly string[] = [], project: string): SecretVariable[] {
  return pairs.map(text => {
    const [key, value] = split('secret', text);
    const found = /^(?:projects\/([\w-]+)\/secrets\/)?([\w-]+)(?:(?::|\/versions\/)(\d+|latest))?$/.exec(
      value,
    );
    if (found === null) {
      throw invalid('secret', text, 'NAME=SECRET, NAME=SECRET:3 or NAME=projects/P/secrets/SECRET:latest');
    }
    const [, projectId = project, secret, version = 'latest'] = found;
    return { key, projectId, secret: secret!, version };
  });
}

function split(flag: string, text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) {
    throw invalid(flag, text, 'NAME=VALUE');
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

function invalid(flag: string, text: string, form: string): ColdpressError {
  return new ColdpressError('OPTION_INVALID', `--${flag} is ${text}`, { hint: `use ${form}` });
}
