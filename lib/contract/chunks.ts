import type { SinkSettings } from './settings.ts';

export type SinkChunk = `sinks/${Exclude<SinkSettings['type'], 'log'>}`;
export type SecretChunk = `secrets/${'secrets-manager' | 'ssm' | 'secret-manager'}`;
export type SourceChunk = 'sources/others';
export type HttpChunk = `http/${'csv' | 'description' | 'json-lines'}`;
export type ObjectChunk = `objects/${'score-object' | 'parquet' | 's3' | 'gcs'}`;

/**
 * The modules of lib/runtime that are loaded when first used. Packing makes each that a config calls for a file of its
 * own beside the function's module.
 */
export type Chunk = SinkChunk | SecretChunk | SourceChunk | HttpChunk | ObjectChunk;

/** The file's name, without its ending. */
export function chunkName(chunk: Chunk): string {
  return `chunk-${chunk.replace('/', '-')}`;
}
