import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Artifact } from '../../artifact.ts';
import { type Chunk, chunkName, type SinkChunk } from '../../contract/chunks.ts';
import { readSampleRecords } from '../samples.ts';

const standIn = fileURLToPath(new URL('./stand-in.mjs', import.meta.url));
const name = 'coldpress-stand-in';

/** Modules that access other services; `satisfies` ensures that a new sink is added here. */
const sinkChunks = {
  'sinks/dynamodb': true,
  'sinks/eventbridge': true,
  'sinks/gcs': true,
  'sinks/pubsub': true,
  'sinks/s3': true,
  'sinks/sns': true,
  'sinks/sqs': true,
  'sinks/webhook': true,
} as const satisfies Record<SinkChunk, true>;
const chunks: readonly Chunk[] = [...(Object.keys(sinkChunks) as SinkChunk[]), 'objects/s3', 'objects/gcs'];

/** Number of records in an object that the function reads. */
const objectRecords = 3;

/** In the copy of a function at `task`, replaces modules that access the cloud with `stand-in.mjs`, which logs. */
export async function placeStandIn({ dir, manifest }: Artifact, task: string): Promise<void> {
  const carried = chunks.map(chunk => join(task, `${chunkName(chunk)}.mjs`)).filter(path => existsSync(path));
  if (carried.length === 0) {
    return;
  }
  const { samples = [] } = (await readSampleRecords(dir)) ?? {};
  const records = samples.slice(0, objectRecords).map(({ record }) => record);
  const store = manifest.events.objects?.store;
  await copyFile(standIn, join(task, `${name}.mjs`));
  await writeFile(join(task, `${name}.json`), JSON.stringify({ records, store }));
  for (const path of carried) {
    await writeFile(path, `export * from './${name}.mjs';\n`);
  }
}
