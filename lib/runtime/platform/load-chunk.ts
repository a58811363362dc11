import { extname } from 'node:path';
import { type Chunk, chunkName } from '../../contract/chunks.ts';

/** `.mjs` only in a packed function; sources are `.ts`, compiled ones `.js`. */
const ending = extname(import.meta.url);

/**
 * Loads a part of the runtime. The path is made here, not written in an `import()`: a bundler would follow that into
 * every cloud SDK.
 * @typeParam Module - the module's type; whoever loads a chunk knows it
 */
export function loadChunk<Module>(chunk: Chunk): Promise<Module> {
  const path = ending === '.mjs' ? `./${chunkName(chunk)}.mjs` : `../${chunk}${ending}`;
  return import(/* @vite-ignore */ new URL(path, import.meta.url).href);
}
