import type { SinkSettings } from './settings.ts';

export type SinkChunk = `sinks/${Exclude<SinkSettings['type'], 'log'>}`;
export type SecretChunk = `secrets/${'secrets-manager' | 'ssm' | 'secret-manager'}`;
export type SourceChunk = 'sources/events';
export type HttpChunk = (typeof httpChunks)[number];
/** Built as CommonJS, so that it can be loaded synchronously. */
export type CountingChunk = 'counting/run-counter';
/** Loaded by a container's server when it is started with a command. */
export type CommandChunk = 'platform/command-line';
export type ObjectChunk = `objects/${'score-object' | 'parquet' | 's3' | 'gcs' | 'job'}`;

/** Chunks in every function that answers HTTP. */
export const httpChunks = ['http/others'] as const;

/**
 * The modules of lib/runtime that are loaded on first use. Packing writes each one that a config needs to a separate
 * file next to the function's module.
 */
export type Chunk =
  | SinkChunk
  | SecretChunk
  | SourceChunk
  | HttpChunk
  | ObjectChunk
  | CountingChunk
  | CommandChunk;

/** Returns the file name of a chunk without its extension. */
export function chunkName(chunk: Chunk): string {
  return `chunk-${chunk.replace('/', '-')}`;
}
