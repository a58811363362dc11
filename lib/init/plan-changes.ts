import { join } from 'node:path';
import { type Change, mergeIgnore, mergePackage } from './merge.ts';
import { readExisting } from './read-existing.ts';

/** How a project's needs are merged into files that exist; any other existing file is kept. */
const merges: Readonly<Record<string, (before: string, wanted: string) => Change>> = {
  'package.json': mergePackage,
  '.gitignore': mergeIgnore,
};

/**
 * Decides how each file changes.
 * @param files - texts, by path relative to `dir`
 * @param earlier - texts that an earlier run wrote without a score: files that are still the same get the score
 * @throws ColdpressError INIT_PACKAGE, FILE_EXPECTED
 */
export function planChanges(
  dir: string,
  files: Record<string, string>,
  earlier: Record<string, string> = {},
): Map<string, Change> {
  return new Map(
    Object.entries(files).map(([path, text]): [string, Change] => {
      const before = readExisting(join(dir, path));
      if (before === undefined) {
        return [path, { kind: 'write', text }];
      }
      if (before === earlier[path] && before !== text) {
        return [path, { kind: 'merge', text, added: ['the score'] }];
      }
      const merge = merges[path];
      return [path, merge === undefined ? { kind: 'keep' } : merge(before, text)];
    }),
  );
}
