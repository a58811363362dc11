import { loadChunk } from '../platform/load-chunk.ts';

/** Loads the chunk for everything but records and inference requests in short JSON. */
export function loadOthers(): Promise<typeof import('./others.ts')> {
  return loadChunk('http/others');
}
