import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { type Chunk, type CountingChunk, chunkName } from '../../contract/chunks.ts';
import { embedded } from '../embedded.ts';

/** `.mjs` only in a packed function; sources are `.ts`, compiled ones `.js`. */
const ending = extname(import.meta.url);

/**
 * Loads a part of the runtime. The path is made here, not written in an `import()`: a bundler would follow that into
 * every cloud SDK.
 * @typeParam Module - the module's type; whoever loads a chunk knows it
 */
export function loadChunk<Module>(chunk: Chunk): Promise<Module> {
  if (embedded !== undefined) {
    const { load } = embedded;
    return Promise.resolve().then(() => load(pathOf(chunk, '.mjs')) as Module);
  }
  return import(/* @vite-ignore */ new URL(pathOf(chunk, '.mjs'), import.meta.url).href);
}

/** As `loadChunk`, before it returns: of CommonJS, as Lambda starts Node without `require` of ES modules. */
export function loadChunkNow<Module>(chunk: CountingChunk): Module {
  const path = pathOf(chunk, '.cjs');
  return embedded === undefined ? createRequire(import.meta.url)(path) : (embedded.load(path) as Module);
}

function pathOf(chunk: Chunk, packedEnding: string): string {
  return ending === '.mjs' || embedded !== undefined
    ? `./${chunkName(chunk)}${packedEnding}`
    : `../${chunk}${ending}`;
}
