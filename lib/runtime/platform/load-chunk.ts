import { extname } from 'node:path';
import { type Chunk, type CountingChunk, chunkName } from '../../contract/chunks.ts';
import { embedded } from '../embedded.ts';

/** `.mjs` only in a packed function; source files end with `.ts`, compiled ones with `.js`. */
const ending = extname(import.meta.url);

/**
 * Loads a part of the runtime. The path is computed rather than written in an `import()`, which a bundler would follow
 * into every cloud SDK.
 * @typeParam Module - the module's type, which the caller knows
 */
export function loadChunk<Module>(chunk: Chunk): Promise<Module> {
  if (embedded !== undefined) {
    const { load } = embedded;
    return Promise.resolve().then(() => load(pathOf(chunk, '.mjs')) as Module);
  }
  return import(/* @vite-ignore */ new URL(pathOf(chunk, '.mjs'), import.meta.url).href);
}

/** Loads a chunk synchronously. It is CommonJS, because Lambda starts Node without `require` of ES modules. */
export function loadChunkNow<Module>(chunk: CountingChunk): Module {
  const path = pathOf(chunk, '.cjs');
  if (embedded !== undefined) {
    return embedded.load(path) as Module;
  }
  // Not an import, which would load the module before the first answer.
  return process.getBuiltinModule('node:module').createRequire(import.meta.url)(path);
}

function pathOf(chunk: Chunk, packedEnding: string): string {
  return ending === '.mjs' || embedded !== undefined
    ? `./${chunkName(chunk)}${packedEnding}`
    : `../${chunk}${ending}`;
}
