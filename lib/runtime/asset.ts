import { join } from 'node:path';
import { placePacked, readPacked } from './embedded.ts';

const folder = 'assets';

/**
 * Reads one of the config's `assets`: a tokenizer, a vocabulary, a lookup table. Call it at the top of `score.ts`, so
 * that the file is read during INIT.
 * @param name - the name in the config
 * @throws Error if the artifact has no such asset
 */
export function asset(name: string): Buffer {
  try {
    return readPacked(join(import.meta.dirname, folder, name));
  } catch (cause) {
    throw new Error(`asset "${name}" not found in this artifact; add it to "assets" in the config`, {
      cause,
    });
  }
}

/** Returns the path of an asset, for libraries that read files themselves. */
export function assetPath(name: string): string {
  // The bundle is in the artifact's root folder.
  return join(placePacked(import.meta.dirname, [folder]), folder, name);
}
