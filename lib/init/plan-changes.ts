import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Change, mergeIgnore, mergePackage } from './merge.ts';

/** How the files that people have already take what a project needs; any other is kept. */
const merges: Readonly<Record<string, (before: string, wanted: string) => Change>> = {
  'package.json': mergePackage,
  '.gitignore': mergeIgnore,
};

/**
 * Decides what becomes of each file.
 * @param files - texts, by their paths relative to `dir`
 * @throws ColdpressError INIT_PACKAGE
 */
export function planChanges(dir: string, files: Record<string, string>): Map<string, Change> {
  return new Map(
    Object.entries(files).map(([path, text]): [string, Change] => {
      const place = join(dir, path);
      if (!existsSync(place)) {
        return [path, { kind: 'write', text }];
      }
      const merge = merges[path];
      return [path, merge === undefined ? { kind: 'keep' } : merge(readFileSync(place, 'utf8'), text)];
    }),
  );
}
