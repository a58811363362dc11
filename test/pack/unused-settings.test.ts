import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../lib/index.ts';
import { packLoaded } from '../../lib/pack/pack.ts';
import { example, makeScratch } from '../packed/pack-example.ts';

/** Settings of events and sinks, in a container that gets none. */

const scratch = makeScratch();
const sinks = { results: { type: 'pubsub', topic: { env: 'RESULTS' } } } as const;

const cases: [Config, { unused: string[]; chunks: string[] }][] = [
  [{}, { unused: [], chunks: [] }],
  [
    { sinks, events: { id: 'id', kafka: { reportBatchItemFailures: true }, maxBatch: 16 } },
    { unused: ['events.id', 'events.kafka', 'sinks.results'], chunks: [] },
  ],
  [{ events: { objects: { store: 's3' } } }, { unused: ['events.objects'], chunks: [] }],
  // A job reads them.
  [{ events: { objects: { store: 'gcs' } } }, { unused: [], chunks: ['chunk-objects-parquet.mjs'] }],
  [{ events: { objects: { store: 'gcs', format: 'csv' } } }, { unused: [], chunks: [] }],
];

test.each(cases)('%j', async (config, { unused, chunks }) => {
  const given: Config = { ...config, model: 'model.onnx', target: 'container', engine: 'compiled' };
  const out = join(scratch, 'out');
  const packed = await packLoaded({ config: given, dir: example }, { cwd: scratch, env: process.env, out });
  expect(packed.unused).toEqual(unused);
  const carried = packed.manifest.files.flatMap(({ path }) => path.match(/^chunk-(?!http).*/)?.[0] ?? []);
  const always = ['chunk-objects-job.mjs', 'chunk-platform-command-line.mjs'];
  expect(carried.sort()).toEqual([...always, ...chunks].sort());
  expect(packed.manifest.sinks).toEqual({ results: null, failures: null });
});
