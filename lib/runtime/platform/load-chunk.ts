import { extname } from 'node:path';

/**
 * The parts of the runtime that are loaded when first used. Packing makes each that a config calls for a file of its
 * own beside the function's module, `chunk-sinks-sqs.mjs`; see `lib/pack/bundle.ts`.
 */
interface Chunks {
  'sinks/dynamodb': typeof import('../sinks/dynamodb.ts');
  'sinks/eventbridge': typeof import('../sinks/eventbridge.ts');
  'sinks/gcs': typeof import('../sinks/gcs.ts');
  'sinks/pubsub': typeof import('../sinks/pubsub.ts');
  'sinks/s3': typeof import('../sinks/s3.ts');
  'sinks/sns': typeof import('../sinks/sns.ts');
  'sinks/sqs': typeof import('../sinks/sqs.ts');
  'sinks/webhook': typeof import('../sinks/webhook.ts');
  'platform/secret-manager': typeof import('./secret-manager.ts');
  'platform/secrets-manager': typeof import('./secrets-manager.ts');
  'platform/ssm': typeof import('./ssm.ts');
  'objects/gcs': typeof import('../objects/gcs.ts');
  'objects/parquet': typeof import('../objects/parquet.ts');
  'objects/s3': typeof import('../objects/s3.ts');
  'objects/score-object': typeof import('../objects/score-object.ts');
  'sources/kinesis-packed': typeof import('../sources/kinesis-packed.ts');
  'sources/others': typeof import('../sources/others.ts');
}

/** `.mjs` only in a packed function; sources are `.ts`, compiled ones `.js`. */
const ending = extname(import.meta.url);

/**
 * Loads a part of the runtime. The path is made here, not written in an `import()`: a bundler would follow that into
 * every cloud SDK.
 */
export function loadChunk<Name extends keyof Chunks>(name: Name): Promise<Chunks[Name]> {
  const path = ending === '.mjs' ? `./chunk-${name.replace('/', '-')}.mjs` : `../${name}${ending}`;
  return import(/* @vite-ignore */ new URL(path, import.meta.url).href);
}
