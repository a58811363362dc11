import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { startGraph } from '../../../bench/models/graph.ts';
import { MANIFEST_FILE } from '../../../lib/contract/manifest.ts';
import { pressModel } from '../../../lib/model/press/press.ts';
import { writeModel } from '../../../lib/model/write.ts';
import { type ColdpressFunction, openFunction } from '../../../lib/runtime/function.ts';
import type { Invocation } from '../../../lib/runtime/platform/invocation.ts';
import type { Score } from '../../../lib/runtime/score/define.ts';
import type { Sink, SinkEntry } from '../../../lib/runtime/sinks/sink.ts';
import { type SettingsConfig, settingsOf } from '../../settings.ts';

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) {
    await rm(folder, { recursive: true, force: true });
  }
});

/** How many indices the model knows; any other makes its run throw. */
export const knownIndices = 10;

/** A function of a model that looks one number up: a record is `{ index }`, a result `{ value }`. */
export async function lookupFunction(config: SettingsConfig = {}, score?: Score): Promise<ColdpressFunction> {
  const dir = await mkdtemp(join(tmpdir(), 'coldpress-events-'));
  folders.push(dir);
  const graph = startGraph('lookup', 1);
  const index = graph.input('index', 'INT64', ['N']);
  graph.output(
    graph.node('Gather', [graph.weight('table', [knownIndices], 1), index], { axis: 0 }),
    'value',
    'FP32',
    ['N'],
  );
  await writeModel({ proto: graph.model() }, join(dir, 'lookup.onnx'));
  const outDir = join(dir, 'pressed');
  await pressModel(join(dir, 'lookup.onnx'), {
    outDir,
    arch: process.arch === 'arm64' ? 'arm64' : 'x64',
    engine: 'onnxruntime',
  });
  const path = join(outDir, MANIFEST_FILE);
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...manifest, ...settingsOf(config) }));
  return openFunction(outDir, score);
}

/** A sink that keeps what it takes; `refuses` says which it does not. */
export function keepingSink(
  refuses: (entry: SinkEntry) => boolean = () => false,
): Sink & { taken: SinkEntry[] } {
  const taken: SinkEntry[] = [];
  return {
    taken,
    async send(entries) {
      taken.push(...entries.filter(entry => !refuses(entry)));
      return entries.map(entry => (refuses(entry) ? new Error('refused') : undefined));
    },
  };
}

export function newInvocation(changes: Partial<Invocation> = {}): Invocation {
  const tally = { records: 0, failures: 0 };
  return { requestId: 'test', remainingMs: () => 30_000, trace: undefined, tally, ...changes };
}
