import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltImage, buildImage } from '../../lib/image/build.ts';
import { fetchBase } from '../../lib/image/fetch-base.ts';
import { pushImage } from '../../lib/image/push.ts';
import { parseReference } from '../../lib/image/reference.ts';
import { ModelProtoSchema } from '../../lib/model/onnx_pb.ts';
import { pack } from '../../lib/pack/pack.ts';
import { floats, graph, model as modelOf, node, tensorType, value } from '../model/build-model.ts';
import { makeScratch } from '../packed/pack-example.ts';
import { putBase } from './make-base.ts';
import { type SmallRegistry, startRegistry } from './small-registry.ts';

const scratch = makeScratch();
const lockPath = join(scratch, 'coldpress.lock.json');
const cacheDir = join(scratch, 'cache');
const env: NodeJS.ProcessEnv = { ...process.env, HOME: scratch, SOURCE_DATE_EPOCH: '0' };
const quick = { env, signal: new AbortController().signal, pauseMs: 1 };
let registry: SmallRegistry;
let base: string;

beforeAll(async () => {
  registry = await startRegistry();
  await putBase(registry, 'bases/node:24');
  base = `${registry.host}/bases/node:24`;
  await fetchBase(base, { lockPath, cacheDir, ...quick });
});

afterAll(() => registry.close());

/** A linear model of one shape; its weights follow from the seed. */
function writeModel(seed: number): void {
  const weights = Float32Array.from({ length: 64 }, (_, at) => Math.sin(seed + at));
  const proto = modelOf(
    graph({
      input: [value('x', tensorType('FLOAT', ['rows', 8]))],
      output: [value('y', tensorType('FLOAT', ['rows', 8]))],
      initializer: [floats('weights', [8, 8], weights)],
      node: [node('MatMul', ['x', 'weights'], ['y'])],
    }),
  );
  writeFileSync(join(scratch, 'linear.onnx'), toBinary(ModelProtoSchema, proto));
}

async function packAndPush(
  engine: 'onnxruntime' | 'compiled',
  seed: number,
): Promise<Record<string, string[]>> {
  writeModel(seed);
  const out = join(scratch, engine);
  await pack({ cwd: scratch, env, model: 'linear.onnx', target: 'container', engine, arch: 'x64', out });
  const options = { base, architecture: 'x64' as const, lockPath, cacheDir, cwd: scratch, env };
  const built = await buildImage([out], options);
  const { blobs } = await pushImage(built, parseReference(`${registry.host}/${engine}:1`, '--tag'), quick);
  const names = namesOf(built);
  const by = (how: string) =>
    blobs
      .filter(blob => blob.how === how)
      .map(({ digest }) => names.get(digest)!)
      .sort();
  return { sent: by('sent'), mounted: by('mounted'), present: by('present') };
}

function namesOf({ images: [image] }: BuiltImage): Map<string, string> {
  return new Map([
    ...image!.base.layers.map(({ digest }) => [digest, 'base'] as const),
    ...image!.layers.map(({ digest, part }) => [digest, part] as const),
    [image!.blobs.at(-1)!.digest, 'config'],
  ]);
}

test('a changed model of ONNX Runtime sends its weights, the code and the config', async () => {
  expect(await packAndPush('onnxruntime', 1)).toEqual({
    sent: ['code', 'config', 'engine', 'weights'],
    mounted: ['base'],
    present: [],
  });
  expect(await packAndPush('onnxruntime', 2)).toEqual({
    sent: ['code', 'config', 'weights'],
    mounted: [],
    present: ['base', 'engine'],
  });
}, 180_000);

test('a changed model that is compiled, too', async () => {
  await packAndPush('compiled', 1);
  expect(await packAndPush('compiled', 2)).toEqual({
    sent: ['code', 'config', 'weights'],
    mounted: [],
    present: ['base'],
  });
}, 180_000);
