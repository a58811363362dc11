import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltImage, buildImage } from '../../lib/image/build.ts';
import { fetchBase } from '../../lib/image/fetch-base.ts';
import { kernelRandomnessModule } from '../../lib/image/kernel-randomness.ts';
import type { ImageConfig } from '../../lib/image/oci.ts';
import { startRuntimeApi } from '../../lib/local/runtime-api.ts';
import { pack } from '../../lib/pack/pack.ts';
import { example, makeScratch } from '../packed/pack-example.ts';
import { putBase } from './make-base.ts';
import { type SmallRegistry, startRegistry } from './small-registry.ts';

const scratch = makeScratch();
const lockPath = join(scratch, 'coldpress.lock.json');
const cacheDir = join(scratch, 'cache');
const env = { HOME: scratch, SOURCE_DATE_EPOCH: '0' };
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
let registry: SmallRegistry;
let base: string;
const artifacts = {} as Record<'onnxruntime' | 'compiled' | 'zip', string>;

beforeAll(async () => {
  registry = await startRegistry();
  await putBase(registry, 'node:24');
  base = `${registry.host}/node:24`;
  await fetchBase(base, { lockPath, cacheDir, env, signal: new AbortController().signal });
  const options = { cwd: example, env: process.env, arch } as const;
  for (const engine of ['onnxruntime', 'compiled'] as const) {
    artifacts[engine] = join(scratch, engine);
    await pack({ ...options, engine, package: 'image', out: artifacts[engine] });
  }
  artifacts.zip = join(scratch, 'zip');
  await pack({ ...options, engine: 'compiled', out: artifacts.zip });
}, 60_000);

afterAll(() => registry.close());

const build = (dirs: string[], options: object = {}): Promise<BuiltImage> =>
  buildImage(dirs, { base, lockPath, cacheDir, cwd: scratch, env, ...options });

/** The layers of coldpress, unpacked over each other. */
async function unpack({ images: [image] }: BuiltImage, to: string): Promise<void> {
  const own = new Set(image!.layers.map(({ digest }) => digest));
  for (const blob of image!.blobs.filter(({ digest }) => own.has(digest))) {
    const entries = extract();
    entries.end(gunzipSync(readFileSync((blob as { path: string }).path)));
    for await (const entry of entries) {
      const path = join(to, entry.header.name);
      if (entry.header.type === 'directory') {
        mkdirSync(path, { recursive: true });
        entry.resume();
      } else {
        const chunks: Buffer[] = [];
        for await (const chunk of entry) {
          chunks.push(chunk as Buffer);
        }
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, Buffer.concat(chunks));
      }
    }
  }
}

test.each([
  { engine: 'onnxruntime', type: 'on-demand', phases: ['boot', 'native', 'model', 'first'] },
  { engine: 'compiled', type: 'on-demand', phases: ['boot', 'model', 'first'] },
  { engine: 'compiled', type: 'snap-start', phases: ['first'] },
] as const)(
  'with $engine, $type: AWS’s runtime client calls the handler',
  async ({ engine, type, phases }) => {
    const built = await build([artifacts[engine]]);
    const root = join(scratch, `root-${engine}-${type}`);
    await unpack(built, root);
    const { config } = JSON.parse(
      (built.images[0]!.blobs.at(-1) as { bytes: Buffer }).bytes.toString(),
    ) as ImageConfig;
    const [node, ...args] = [...config!.Entrypoint!, ...config!.Cmd!];
    expect([node, config!.Cmd]).toEqual(['/usr/local/bin/node', ['index.handler']]);
    const own = Object.fromEntries(
      config!.Env!.map(variable => variable.split(/=(.*)/s) as [string, string]),
    );
    const inRoot = (value: string) => value.replace(/^\/var\//, `${root}/var/`);
    const api = await startRuntimeApi();
    const child = spawn(process.execPath, args.map(inRoot), {
      cwd: inRoot(config!.WorkingDir!),
      env: {
        ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, inRoot(value)])),
        AWS_LAMBDA_RUNTIME_API: api.address,
        AWS_LAMBDA_FUNCTION_NAME: 'breast-cancer',
        AWS_LAMBDA_INITIALIZATION_TYPE: type,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        AWS_LAMBDA_FUNCTION_VERSION: '1',
        AWS_LAMBDA_LOG_GROUP_NAME: 'group',
        AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      },
    });
    const log = text(child.stderr);
    const out = text(child.stdout);
    try {
      const exited = new Promise(resolve => child.once('exit', resolve)).then(async () => {
        throw new Error(await log);
      });
      await Promise.race([api.started, exited]);
      const { answered, idle } = api.deliver({
        requestId: 'a',
        deadlineMs: Date.now() + 10_000,
        functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:breast-cancer',
        traceId: 'Root=1-0-0',
        payload: readFileSync(join(example, 'record.json')),
      });
      const answer = await Promise.race([answered, exited]);
      expect(answer).toMatchObject({ kind: 'response' });
      expect(String((answer as { payload: Buffer }).payload)).toContain('malignant');
      // The line follows the answer.
      await Promise.race([idle, exited]);
    } finally {
      child.kill('SIGKILL');
      await api.close();
    }
    const reported = JSON.parse((await out).split('\n')[0]!);
    expect(reported).toMatchObject({ cold: 1, records: 1 });
    // A restored instance reports nothing of the INIT that its snapshot was taken after.
    expect(Object.keys(reported.phases)).toEqual(phases);
  },
  120_000,
);

test('instances of one snapshot draw numbers of their own', async () => {
  const path = join(scratch, 'kernel-randomness.mjs');
  writeFileSync(path, kernelRandomnessModule());
  const script = `await import('./kernel-randomness.mjs');
    const { randomUUID } = await import('node:crypto');
    const values = [Math.random(), randomUUID(), crypto.randomUUID(), crypto.getRandomValues(new Uint16Array(8)).join()];
    console.log(JSON.stringify(values));`;
  // As in clones, V8 starts from the same state.
  const args = ['--random-seed=1', '--input-type=module', '--eval', script];
  const draws = [0, 1].map(() =>
    JSON.parse(execFileSync(process.execPath, args, { cwd: scratch }).toString()),
  );
  const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  expect(draws[0]).toEqual([
    expect.any(Number),
    ...[uuid, uuid, /^\d+(,\d+){7}$/].map(pattern => expect.stringMatching(pattern)),
  ]);
  for (const [index, value] of draws[0].entries()) {
    expect(draws[1][index]).not.toEqual(value);
  }
});

test.each([
  [{ snapStart: true }, 'Allow'],
  [{}, undefined],
])('%j: the label of SnapStart is %s', async (options, label) => {
  const { images } = await build([artifacts.compiled], options);
  const { config } = JSON.parse((images[0]!.blobs.at(-1) as { bytes: Buffer }).bytes.toString());
  expect(config.Labels['com.amazonaws.lambda.feature.snapstart']).toBe(label);
});

test('the image has the runtime client’s licence, and nothing of a server', async () => {
  const { images } = await build([artifacts.compiled]);
  // Lambda takes no index: one CPU, its default.
  expect(images.map(({ architecture }) => architecture)).toEqual(['arm64']);
  const added = images[0]!.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  expect(added).toBeLessThan(120_000);
});

test.each([
  ['zips', ['zip'], {}, 'ARTIFACT_PACKAGE'],
  ['two CPUs', ['onnxruntime', 'compiled'], {}, 'OPTION_CONFLICT'],
] as const)('refused: %s', async (_, names, options, code) => {
  await expect(
    build(
      names.map(name => artifacts[name]),
      options,
    ),
  ).rejects.toMatchObject({ code });
});

test.each([
  { target: 'gcf', package: 'image', code: 'OPTION_CONFLICT' },
  { target: 'container', package: 'zip', code: 'OPTION_CONFLICT' },
  { package: 'image', native: 'layer', code: 'OPTION_INVALID' },
] as const)('pack refuses $target, package $package, native $native', async ({ code, ...options }) => {
  await expect(
    pack({ cwd: example, env: process.env, out: join(scratch, 'never'), ...options }),
  ).rejects.toMatchObject({ code });
});
