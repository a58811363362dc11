import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type PrivateFolder, privateFolders } from './private-folders.ts';

interface PlacedFile {
  path: string;
  bytes: Uint8Array;
}

/** Identifies an executable among the versions of its model. */
interface Identity {
  name: string;
  id: string;
}

/** Files abandoned by a killed process are deleted by a later one. */
const abandonedMs = 3_600_000;
const partialEnding = '.partial';

/**
 * Writes files to the first usable private folder of this user, or finds them there; every start compares each file
 * with the executable's own copy. A file appears under its name only when it is complete, so several processes may do
 * this at once, and a killed one leaves nothing that another would use.
 * @returns the folder
 * @throws Error that names every folder that was tried
 */
export function placeFiles(
  files: readonly PlacedFile[],
  identity: Identity,
  process: NodeJS.Process,
): string {
  const refusals: string[] = [];
  for (const folder of privateFolders(process)) {
    const dir = join(folder.path, folderName(identity));
    try {
      prepare(folder, dir);
      for (const file of files) {
        placeFile(join(dir, file.path), file);
      }
      return dir;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      refusals.push(`${folder.path} (${code ?? message})`);
    }
  }
  throw new Error(
    `no folder can store the native files of this executable; set COLDPRESS_CACHE_DIR to one that can. Tried ${refusals.join(', ')}`,
  );
}

/** Deletes what other versions of the executable have placed. Returns the folders. */
export function cleanFolders(identity: Identity, process: NodeJS.Process): string[] {
  return privateFolders(process).flatMap(({ path }) =>
    namesIn(path)
      .filter(name => name.startsWith(`${identity.name}-`) && name !== folderName(identity))
      .filter(name => /^[0-9a-f]{16}$/.test(name.slice(identity.name.length + 1)))
      .map(name => {
        rmSync(join(path, name), { recursive: true, force: true });
        return join(path, name);
      }),
  );
}

function folderName({ name, id }: Identity): string {
  return `${name}-${id.slice(0, 16)}`;
}

/** @throws Error if another user could change the folder's content */
function prepare({ path, isPrivate }: PrivateFolder, dir: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (!isPrivate(lstatSync(path))) {
    throw new Error('it belongs to another user, or others may write to it');
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 });
}

function placeFile(path: string, { bytes }: PlacedFile): void {
  if (!holds(path, bytes)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    deleteAbandoned(dirname(path));
    const partial = `${path}.${randomUUID()}${partialEnding}`;
    try {
      writeFileSync(partial, bytes, { flag: 'wx', mode: 0o500 });
      renameSync(partial, path);
    } catch (error) {
      rmSync(partial, { force: true });
      // Windows does not replace a library in use; another process may just have written it.
      if (!holds(path, bytes)) {
        throw error;
      }
    }
  }
  // The system maps no library from a file system mounted with noexec.
  accessSync(path, constants.X_OK);
}

function deleteAbandoned(dir: string): void {
  for (const name of namesIn(dir).filter(name => name.endsWith(partialEnding))) {
    const found = lstatSync(join(dir, name), { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > abandonedMs) {
      rmSync(join(dir, name), { force: true });
    }
  }
}

/** Whether a file contains these bytes. Comparing takes a quarter of the time of a hash. */
function holds(path: string, bytes: Uint8Array): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size !== bytes.length) {
    return false;
  }
  const chunk = Buffer.allocUnsafeSlow(2 ** 20);
  const fd = openSync(path, 'r');
  try {
    let at = 0;
    for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk)) {
      if (!chunk.subarray(0, length).equals(bytes.subarray(at, at + length))) {
        return false;
      }
      at += length;
    }
    return at === bytes.length;
  } finally {
    closeSync(fd);
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
