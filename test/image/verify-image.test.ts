import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltImage, buildImage } from '../../lib/image/build.ts';
import { fetchBase } from '../../lib/image/fetch-base.ts';
import { openLayout, openLayoutArchive, openRemote } from '../../lib/image/image-blobs.ts';
import { type Descriptor, sha256Of } from '../../lib/image/oci.ts';
import { pushImage } from '../../lib/image/push.ts';
import { parseReference } from '../../lib/image/reference.ts';
import { verifyImage } from '../../lib/image/verify-image.ts';
import { writeLayout } from '../../lib/image/write-layout.ts';
import { run } from '../cli/coldpress.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';
import { putBase } from './make-base.ts';
import { type SmallRegistry, startRegistry } from './small-registry.ts';

const scratch = makeScratch();
const lockPath = join(scratch, 'coldpress.lock.json');
const cacheDir = join(scratch, 'cache');
const env: NodeJS.ProcessEnv = { HOME: scratch, PATH: process.env.PATH, SOURCE_DATE_EPOCH: '0' };
const quick = { env, signal: new AbortController().signal, pauseMs: 1 };
const layout = join(scratch, 'layout');
let registry: SmallRegistry;
let built: BuiltImage;

beforeAll(async () => {
  registry = await startRegistry();
  await putBase(registry, 'bases/node:24');
  const base = `${registry.host}/bases/node:24`;
  await fetchBase(base, { lockPath, cacheDir, ...quick });
  const artifact = await packExample(scratch, 'container-compiled');
  built = await buildImage([artifact], { base, lockPath, cacheDir, cwd: scratch, env });
  await writeLayout(built, layout, 'churn:1');
}, 120_000);

afterAll(() => registry.close());

const both = ['linux/amd64:/app', 'linux/arm64:/app'];

test('a layout in a folder, one in an archive, and an image of a registry', async () => {
  await writeLayout(built, `${layout}.tar`, 'churn:1');
  await pushImage(built, parseReference(`${registry.host}/team/churn:1`, '--tag'), quick);
  for (const blobs of [
    await openLayout(layout),
    await openLayoutArchive(`${layout}.tar`),
    await openRemote(`${registry.host}/team/churn:1`, quick),
  ]) {
    expect(await verifyImage(blobs)).toMatchObject({
      name: 'breast-cancer',
      compared: both,
      differences: [],
    });
    await blobs.close();
  }
  // The base has nothing to say about the function.
  const base = built.images[0]!.base.layers[0]!.digest;
  expect(
    registry.requests.filter(line => line.startsWith('GET /v2/team/churn/') && line.includes(base)),
  ).toEqual([]);
});

/** A copy of the layout with a layer more on top of its first image. */
async function withLayer(name: string, files: Record<string, string>): Promise<string> {
  const dir = join(scratch, name);
  cpSync(layout, dir, { recursive: true });
  const at = (digest: string) => join(dir, 'blobs/sha256', digest.slice('sha256:'.length));
  const put = (bytes: Buffer): Pick<Descriptor, 'digest' | 'size'> => {
    const digest = sha256Of(bytes);
    writeFileSync(at(digest), bytes);
    return { digest, size: bytes.length };
  };
  const tar = pack();
  for (const [path, text] of Object.entries(files)) {
    tar.entry({ name: path }, text);
  }
  tar.finalize();
  const read = (digest: string) => JSON.parse(readFileSync(at(digest), 'utf8'));
  const top = JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8'));
  const index = read(top.manifests[0].digest);
  const manifest = read(index.manifests[0].digest);
  manifest.layers.push({ mediaType: manifest.layers.at(-1).mediaType, ...put(gzipSync(await buffer(tar))) });
  Object.assign(index.manifests[0], put(Buffer.from(JSON.stringify(manifest))));
  Object.assign(top.manifests[0], put(Buffer.from(JSON.stringify(index))));
  writeFileSync(join(dir, 'index.json'), JSON.stringify(top));
  return dir;
}

test.each([
  ['changes', { 'app/index.mjs': 'evil()' }, [{ kind: 'changed', path: 'linux/amd64:/app/index.mjs' }]],
  ['adds', { './app/extra.mjs': 'evil()' }, [{ kind: 'unlisted', path: 'linux/amd64:/app/extra.mjs' }]],
  ['deletes', { 'app/.wh.index.mjs': '' }, [{ kind: 'missing', path: 'linux/amd64:/app/index.mjs' }]],
  ['leaves alone', { 'etc/other': 'something' }, []],
])('a layer on top that %s a file of the function', async (name, files, differences) => {
  const blobs = await openLayout(await withLayer(name, files));
  expect((await verifyImage(blobs)).differences).toMatchObject(differences);
});

test('a blob that is not what its digest says is refused', async () => {
  const dir = join(scratch, 'damaged');
  cpSync(layout, dir, { recursive: true });
  const { digest } = built.images[0]!.layers.at(-1)!;
  const path = join(dir, 'blobs/sha256', digest.slice('sha256:'.length));
  writeFileSync(path, gzipSync(gunzipSync(readFileSync(path)), { level: 1 }));
  const blobs = await openLayout(dir);
  await expect(verifyImage(blobs)).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
});

test('the commands', async () => {
  expect(await run(['verify', layout])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('linux/arm64'),
  });
  const changed = await withLayer('command', { 'app/index.mjs': 'evil()' });
  expect(await run(['verify', changed])).toMatchObject({ code: 3 });
  const foreign = join(scratch, 'foreign');
  cpSync(layout, foreign, { recursive: true });
  rmSync(join(foreign, 'index.json'));
  expect(existsSync(join(foreign, 'oci-layout'))).toBe(true);
  expect(await run(['verify', foreign])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^IMAGE_INVALID/),
  });
  expect(await run(['verify', `${registry.host}/team/none:1`])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^REGISTRY_NOT_FOUND/),
  });
}, 60_000);
