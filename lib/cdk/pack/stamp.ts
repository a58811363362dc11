import { statSync } from 'node:fs';
import type { Stamps } from './request.ts';

/**
 * A file's identity without its content, as git's index has it: any write changes the time of status change, which
 * no program can set back. `absent` for a file that is not there.
 */
export function stamp(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined
    ? 'absent'
    : `${found.size}:${found.mtimeNs}:${found.ctimeNs}:${found.dev}:${found.ino}`;
}

/** Stamps of files; `undefined` when one changed since `startedMs`, so that nobody can tell which of its states was read. */
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
