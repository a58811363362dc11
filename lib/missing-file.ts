import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, dirname, sep } from 'node:path';
import { distance } from 'fastest-levenshtein';

/**
 * A hint for a path at which there is no file.
 * @param otherwise - the hint if nothing about the path stands out
 */
export function missingHint(path: string, otherwise: string): string {
  if (path.split(sep).includes('~')) {
    return 'only a shell expands ~, and only at the start of a word: write the whole path';
  }
  if (/(^|\/)file:\//.test(path)) {
    return 'write a path, not a file: URL';
  }
  if (sep === '/' && path.includes('\\')) {
    return 'on this system, / separates folders';
  }
  const target = linkTarget(path);
  if (target !== undefined) {
    return `it is a symbolic link to ${target}, where there is no file`;
  }
  const similar = similarName(path);
  return similar === undefined ? otherwise : `did you mean ${similar}?`;
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** A file of the same folder whose name differs in case, ending or up to two letters. */
function similarName(path: string): string | undefined {
  const wanted = basename(path).toLowerCase();
  const cost = (name: string) => {
    const lower = name.toLowerCase();
    return lower.startsWith(`${wanted}.`) ? 1 : distance(lower, wanted);
  };
  const [best] = namesIn(dirname(path))
    .map(name => ({ name, cost: cost(name) }))
    .filter(({ name, cost }) => cost <= 2 && cost < name.length / 3)
    .toSorted((a, b) => a.cost - b.cost);
  return best?.name;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
