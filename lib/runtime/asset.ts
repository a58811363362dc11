import { join } from 'node:path';
import { placePacked, readPacked } from './embedded.ts';

const folder = 'assets';

/**
 * Reads a file that the config's `assets` put into the artifact: a tokenizer, a vocabulary, a lookup table.
 * Call it at the top of `score.ts`, so that the reading lies in INIT.
 * @param name - as the config gives it
 * @throws Error when there is no such asset
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

/** The path of an asset, for libraries that want one. */
export function assetPath(name: string): string {
  // The bundle lies at the artifact's root.
  return join(placePacked(import.meta.dirname, [folder]), folder, name);
}
