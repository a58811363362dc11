import type { SinkSettings } from './settings.ts';

export type SinkChunk = `sinks/${Exclude<SinkSettings['type'], 'log'>}`;
export type SecretChunk = `secrets/${'secrets-manager' | 'ssm' | 'secret-manager'}`;
export type SourceChunk = 'sources/events';
export type HttpChunk = (typeof httpChunks)[number];
/** A module of CommonJS, so that it can be loaded at once. */
export type CountingChunk = 'counting/run-counter';
/** What the server of a container loads when it is run with a command. */
export type CommandChunk = 'platform/command-line';
export type ObjectChunk = `objects/${'score-object' | 'parquet' | 's3' | 'gcs' | 'job'}`;

/** What every function that answers HTTP carries. */
export const httpChunks = ['http/bodies', 'http/description'] as const;

/**
 * The modules of lib/runtime that are loaded when first used. Packing makes each that a config calls for a file of its
 * own beside the function's module.
 */
export type Chunk =
  | SinkChunk
  | SecretChunk
  | SourceChunk
  | HttpChunk
  | ObjectChunk
  | CountingChunk
  | CommandChunk;

/** The file's name, without its ending. */
export function chunkName(chunk: Chunk): string {
  return `chunk-${chunk.replace('/', '-')}`;
}
