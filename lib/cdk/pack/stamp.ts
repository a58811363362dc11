import { statSync } from 'node:fs';
import type { Stamps } from './request.ts';

/**
 * Identifies a file's state without reading its content, as git's index does: every write changes the ctime, which
 * programs cannot set. Returns `absent` for a missing file.
 */
export function stamp(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined
    ? 'absent'
    : `${found.size}:${found.mtimeNs}:${found.ctimeNs}:${found.dev}:${found.ino}`;
}

/**
 * Returns the stamps of the files; `undefined` if one changed after `startedMs`, because it is then unclear which of
 * its states was read.
 */
export function stampAll(files: Set<string>, startedMs: number): Stamps | undefined {
  const stamps: Stamps = {};
  for (const file of files) {
    if ((statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? 0) >= startedMs) {
      return undefined;
    }
    stamps[file] = stamp(file);
  }
  return stamps;
}
