import { dirname, join } from 'node:path';
import { getAsset, getRawAsset } from 'node:sea';
import { pathToFileURL } from 'node:url';
import { EXECUTABLE_FILE, type ExecutableContents } from '../../contract/executable.ts';
import type { Embedded } from '../embedded.ts';
import { cleanFolders, placeFiles } from './place.ts';

/** Makes the function read its files from the running executable. @param load - loads a part of the runtime */
export function embedFunction(load: Embedded['load']): void {
  const contents: ExecutableContents = JSON.parse(getAsset(EXECUTABLE_FILE, 'utf8'));
  const dir = dirname(process.execPath);
  const embedded: Embedded = {
    dir,
    url: pathToFileURL(join(dir, 'index.mjs')).href,
    load,
    // Copied, because the executable's own memory must not be written to, and typed arrays begin at multiples of 8.
    read: path => {
      try {
        return Buffer.from(getAsset(path));
      } catch {
        return undefined;
      }
    },
    place(folders) {
      const files = contents.files
        .filter(path => folders.some(folder => path.startsWith(`${folder}/`)))
        .map(path => ({ path, bytes: new Uint8Array(getRawAsset(path) as ArrayBuffer) }));
      return placeFiles(files, contents, process);
    },
    clean: () => cleanFolders(contents, process),
  };
  Object.assign(globalThis, { coldpressEmbedded: embedded });
}
