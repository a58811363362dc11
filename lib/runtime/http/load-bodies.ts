import { loadChunk } from '../platform/load-chunk.ts';

/** Loads the chunk for bodies other than short JSON. */
export function loadBodies(): Promise<typeof import('./bodies.ts')> {
  return loadChunk('http/bodies');
}
