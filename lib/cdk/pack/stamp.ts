import { statSync } from 'node:fs';

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

/** When the file last changed in any way, as milliseconds of the epoch; 0 for one that is not there. */
export function changedAtMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0;
}
