import type { Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder in which only this user may change files. */
export interface PrivateFolder {
  path: string;
  isPrivate(found: Stats): boolean;
}

/** Returns folders for an executable's files, preferred first: the user's cache, then those that all users share. */
export function privateFolders({ env, platform, getuid }: NodeJS.Process): PrivateFolder[] {
  const uid = getuid?.();
  const named = [
    env.COLDPRESS_CACHE_DIR,
    env.XDG_CACHE_HOME,
    platform === 'win32' ? env.LOCALAPPDATA : undefined,
    env.HOME && join(env.HOME, platform === 'darwin' ? 'Library/Caches' : '.cache'),
  ];
  const shared = [tmpdir(), ...(platform === 'win32' ? [] : ['/var/tmp', '/dev/shm'])];
  const folder = uid === undefined ? 'coldpress-executables' : `coldpress-executables-${uid}`;
  return [...new Set([...named, ...shared])]
    .filter(base => base !== undefined && base !== '')
    .map(base => ({
      path: join(base!, folder),
      // Windows has different permissions, and these folders belong to the user.
      isPrivate: found =>
        found.isDirectory() && (uid === undefined || (found.uid === uid && (found.mode & 0o077) === 0)),
    }));
}
