import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { ColdpressError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';

/** A container of files: a folder or an archive. Paths use forward slashes. */
export interface Contents {
  /** Name for messages: `function`, `function.zip`. */
  name: string;
  paths: string[];
  sha256(path: string): Promise<string>;
  read(path: string): Uint8Array;
}

/** The files of a folder, including symbolic links. */
export function folderContents(dir: string, name: string): Contents {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  return {
    name,
    paths: entries
      .filter(entry => !entry.isDirectory())
      .map(entry => relative(dir, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .sort(),
    sha256: path => hashFile(join(dir, path)),
    read: path => readFileSync(join(dir, path)),
  };
}

/** The files of a zip. @throws ColdpressError ARTIFACT_INVALID */
export function zipContents(path: string, name: string): Contents {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(readFileSync(path));
  } catch (cause) {
    throw new ColdpressError('ARTIFACT_INVALID', `${path} is not a zip: ${(cause as Error).message}`, {
      hint: 'pack the model again, or copy the file again',
      cause,
    });
  }
  return memoryContents(files, name);
}

/** Files in memory, by path. */
export function memoryContents(files: Record<string, Uint8Array>, name: string): Contents {
  return {
    name,
    paths: Object.keys(files)
      .filter(path => !path.endsWith('/'))
      .sort(),
    sha256: async path => createHash('sha256').update(files[path]!).digest('hex'),
    read: path => files[path]!,
  };
}
