import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltImage, buildImage } from '../../lib/image/build.ts';
import { fetchBase } from '../../lib/image/fetch-base.ts';
import { gzip } from '../../lib/image/gzip.ts';
import type { ImageConfig, ImageIndex, ImageManifest } from '../../lib/image/oci.ts';
import { sha256Of } from '../../lib/image/oci.ts';
import { writeLayout } from '../../lib/image/write-layout.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';
import { alpine, debian, putBase } from './make-base.ts';
import { type SmallRegistry, startRegistry } from './small-registry.ts';

const scratch = makeScratch();
const signal = new AbortController().signal;
const lockPath = join(scratch, 'coldpress.lock.json');
const cacheDir = join(scratch, 'cache');
const env = { HOME: scratch, SOURCE_DATE_EPOCH: '1764000000' };
const cpu = process.arch === 'arm64' ? 'arm64' : 'x64';
let registry: SmallRegistry;
let native: string;
let compiled: string;
let base: string;

beforeAll(async () => {
  registry = await startRegistry();
  base = `${registry.host}/library/node:24`;
  await putBase(registry, 'library/node:24');
  await putBase(registry, 'library/alpine:24', alpine);
  await putBase(registry, 'library/x64:24', debian, ['x64']);
  await putBase(registry, 'library/old:24', { ...debian, env: ['NODE_VERSION=20.1.0'] });
  await putBase(registry, 'library/aged:24', {
    ...debian,
    files: { ...debian.files, 'usr/lib/x86_64-linux-gnu/libc.so.6': 'stable release version 2.17.' },
  });
  await putBase(registry, 'library/bare:24', { files: { 'etc/passwd': '' } });
  for (const name of ['node', 'alpine', 'x64', 'old', 'aged', 'bare']) {
    await fetchBase(`${registry.host}/library/${name}:24`, { lockPath, cacheDir, env, signal });
  }
  native = await packExample(scratch, 'container');
  compiled = await packExample(scratch, 'container-compiled');
}, 120_000);

afterAll(() => registry.close());

function build(dirs: string[], options: Partial<Parameters<typeof buildImage>[1]> = {}): Promise<BuiltImage> {
  return buildImage(dirs, { base, lockPath, cacheDir, cwd: scratch, env, ...options });
}

const json = <T>(bytes: Uint8Array): T => JSON.parse(Buffer.from(bytes).toString());

async function entriesOf(tar: Buffer) {
  const entries = extract();
  entries.end(tar);
  const found = [];
  for await (const entry of entries) {
    const { name, type, mode, uid, gid, mtime } = entry.header;
    found.push({ name, type, mode, uid, gid, mtime: mtime?.getTime() });
    entry.resume();
  }
  return found;
}

describe('an image with ONNX Runtime', () => {
  test('has a layer for each part on its base, by rate of change', async () => {
    const { top, images } = await build([native]);
    const [image] = images;
    expect(images).toHaveLength(1);
    expect(image!.layers.map(({ part }) => part)).toEqual(['engine', 'weights', 'code']);
    const manifest = json<ImageManifest>(top.bytes);
    expect(manifest.layers).toHaveLength(4);
    expect(manifest.annotations).toMatchObject({
      'org.opencontainers.image.title': 'breast-cancer',
      'org.opencontainers.image.created': '2025-11-24T16:00:00Z',
    });
    const added = image!.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    expect(added).toBeLessThan(19_000_000);
    for (const [at, blob] of image!.blobs.slice(1, 4).entries()) {
      const packed = readFileSync((blob as { path: string }).path);
      expect(sha256Of(packed)).toBe(blob.digest);
      const tar = gunzipSync(packed);
      const config = json<ImageConfig>((image!.blobs.at(-1) as { bytes: Buffer }).bytes);
      expect(sha256Of(tar)).toBe(config.rootfs.diff_ids[at + 1]);
      for (const { name, type, ...rest } of await entriesOf(tar)) {
        expect(name).toMatch(/^app\//);
        expect(rest).toEqual({ mode: type === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, mtime: 0 });
      }
    }
  });

  test('is started by the base’s Node, and keeps what the base says', async () => {
    const { images } = await build([native]);
    const config = json<ImageConfig>((images[0]!.blobs.at(-1) as { bytes: Buffer }).bytes);
    expect(config.config).toMatchObject({
      Entrypoint: ['/usr/local/bin/node', '/app/index.mjs'],
      Cmd: [],
      WorkingDir: '/app',
      ExposedPorts: { '8080/tcp': {} },
      Env: [...debian.env!, 'NODE_ENV=production'],
      Labels: {
        base: 'yes',
        'coldpress.model.sha256': expect.stringMatching(/^[0-9a-f]{64}$/),
        'org.opencontainers.image.base.name': base,
        'org.opencontainers.image.licenses': 'Apache-2.0 AND MIT',
      },
    });
    expect(config.history).toHaveLength(4);
    expect(config.rootfs.diff_ids).toHaveLength(4);
  });
});

describe('an image of a compiled model', () => {
  test('is an index of both CPUs, of the same layers', async () => {
    const { top, images } = await build([compiled]);
    const index = json<ImageIndex>(top.bytes);
    expect(index.manifests.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'arm64']);
    expect(images[0]!.layers).toEqual(images[1]!.layers);
    expect(images[0]!.layers.map(({ part }) => part)).toEqual(['weights', 'code']);
    const added = images[0]!.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    expect(added).toBeLessThan(66_000);
  });

  test('for one CPU is an image', async () => {
    const { images, top } = await build([compiled], { architecture: 'arm64' });
    expect(images.map(({ architecture }) => architecture)).toEqual(['arm64']);
    expect(top).toBe(images[0]!.manifest);
  });

  test('runs on musl', async () => {
    const { images } = await build([compiled], { base: `${registry.host}/library/alpine:24` });
    expect(images).toHaveLength(2);
  });
});

test('another folder, another cache, another time: the same bytes', async () => {
  const copy = join(scratch, 'elsewhere/copy');
  mkdirSync(join(scratch, 'elsewhere'));
  cpSync(compiled, copy, { recursive: true });
  const other = join(scratch, 'other-cache');
  const first = await build([compiled]);
  await fetchBase(base, { lockPath, cacheDir: other, env, signal });
  const second = await build([copy], { cacheDir: other });
  expect(second.top.digest).toBe(first.top.digest);
});

test('a layer of many pieces is one gzip member, compressed by several threads', async () => {
  // A program, as a layer's libraries are: with runs of zeros, and not of a whole number of pieces.
  const contents = readFileSync(process.execPath).subarray(0, 13_000_001);
  const chunks = Array.from({ length: 8 }, (_, at) =>
    contents.subarray(at * 1_700_000, (at + 1) * 1_700_000),
  );
  const packed = await buffer(Readable.from(gzip(Readable.from(chunks))));
  expect(gunzipSync(packed).equals(contents)).toBe(true);
  // Raw inflate stops at the end of the first member: all but its header and its trailer is that.
  expect(inflateRawSync(packed.subarray(10)).length).toBe(contents.length);
  const again = await buffer(Readable.from(gzip(Readable.from([contents]))));
  expect(again.equals(packed)).toBe(true);
});

test('whatever a small layer begins with, it can be read', async () => {
  const program = readFileSync(process.execPath);
  for (let at = 0; at < 100; at += 1) {
    const contents = program.subarray(at * 600_011, at * 600_011 + 997 * at);
    expect(gunzipSync(await buffer(Readable.from(gzip(Readable.from([contents])))))).toEqual(contents);
  }
});

test('a layer’s digest is the same on every machine', async () => {
  const { layerOnce } = await import('../../lib/image/layer.ts');
  const text = 'a line of weights\n'.repeat(200_000);
  const sha256 = sha256Of(text).slice(7);
  const files = [{ path: 'app/model/x', sizeBytes: text.length, sha256, contents: text }];
  const { blob, diffId } = await layerOnce(files, cacheDir);
  expect([blob.digest, diffId]).toMatchInlineSnapshot(`
    [
      "sha256:23dc35d620efc132a50614dbe9ef9ee6191b7ee803cd24aae1a3cc4f89317d9a",
      "sha256:4c18db7b6c04a9f37731d6b6ab0f29b57696832ed177d5ac5a77a456891273ae",
    ]
  `);
});

describe('a layout', () => {
  test('as a folder has every blob under its digest', async () => {
    const built = await build([compiled]);
    const out = join(scratch, 'layout');
    await writeLayout(built, out, 'registry.example.com/team/churn:1');
    await writeLayout(built, out, 'registry.example.com/team/churn:1');
    const digests = readdirSync(join(out, 'blobs/sha256'));
    expect(digests).toHaveLength(2 * 3 + 2 + 1);
    for (const digest of digests) {
      expect(sha256Of(readFileSync(join(out, 'blobs/sha256', digest)))).toBe(`sha256:${digest}`);
    }
    const { manifests } = json<ImageIndex>(readFileSync(join(out, 'index.json')));
    expect(manifests).toMatchObject([
      { digest: built.top.digest, annotations: { 'org.opencontainers.image.ref.name': '1' } },
    ]);
  });

  test('as an archive is the same each time', async () => {
    const built = await build([native]);
    const [first, second] = [join(scratch, 'a.tar'), join(scratch, 'b.tar')];
    await writeLayout(built, first, 'churn:1');
    await writeLayout(built, second, 'churn:1');
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
    const names = (await entriesOf(readFileSync(first))).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['oci-layout', 'index.json', 'manifest.json']));
  });

  test.each(['layout-twice', 'twice.tar'])('replaces an earlier one: %s', async name => {
    const out = join(scratch, name);
    await writeLayout(await build([compiled]), out, 'churn:1');
    await expect(writeLayout(await build([native]), out, 'churn:2')).resolves.toBeUndefined();
  });

  const foreign: [what: string, path: string, code: string, make: (path: string) => void][] = [
    ['a folder of something else', 'full/thesis.txt', 'OUTPUT_NOT_EMPTY', path => writeFileSync(path, 'x')],
    [
      'a layout of another program',
      'other/oci-layout',
      'OUTPUT_NOT_EMPTY',
      path => writeFileSync(path, '{}'),
    ],
    ['a file', 'notes.txt', 'OUTPUT_UNWRITABLE', path => writeFileSync(path, 'x')],
    ['an archive of something else', 'backup.tar', 'OUTPUT_EXISTS', path => writeFileSync(path, 'x')],
  ];
  test.each(foreign)('does not replace %s', async (_, name, code, make) => {
    const path = join(scratch, name);
    mkdirSync(dirname(path), { recursive: true });
    make(path);
    const out = join(scratch, name.split('/')[0]!);
    await expect(writeLayout(await build([compiled]), out, 'x:1')).rejects.toMatchObject({ code });
    expect(existsSync(path)).toBe(true);
  });

  test('does not replace its own folder with files of others', async () => {
    const out = join(scratch, 'layout-with-notes');
    await writeLayout(await build([compiled]), out, 'churn:1');
    writeFileSync(join(out, 'notes.txt'), '');
    await expect(writeLayout(await build([compiled]), out, 'churn:1')).rejects.toMatchObject({
      code: 'OUTPUT_NOT_EMPTY',
    });
    expect(existsSync(join(out, 'notes.txt'))).toBe(true);
  });
});

test.each([
  ['a base that was not fetched', { base: 'node:23' }, 'BASE_NOT_FETCHED'],
  ['a name that is none', { base: 'Node 24' }, 'IMAGE_NAME_INVALID'],
  ['musl', { base: 'alpine:24' }, 'BASE_LIBC'],
  ['an old glibc', { base: 'aged:24' }, 'BASE_LIBC'],
  ['another Node', { base: 'old:24' }, 'BASE_INVALID'],
  ['no Node', { base: 'bare:24' }, 'BASE_INVALID'],
  ['another CPU than was packed for', { architecture: cpu === 'x64' ? 'arm64' : 'x64' }, 'OPTION_CONFLICT'],
  ['a time that is none', { env: { HOME: scratch, SOURCE_DATE_EPOCH: 'now' } }, 'SOURCE_DATE_INVALID'],
] as const)('refused: %s', async (_, options, code) => {
  const own = 'base' in options ? { base: `${registry.host}/library/${options.base}` } : options;
  await expect(build([native], own as object)).rejects.toMatchObject({ name: 'ColdpressError', code });
});

test('refused: a CPU that the base lacks', async () => {
  const options = { base: `${registry.host}/library/x64:24` };
  await expect(build([compiled], options)).rejects.toMatchObject({ code: 'BASE_ARCHITECTURE' });
  expect((await build([compiled], { ...options, architecture: 'x64' })).images).toHaveLength(1);
});

test('refused: a file of the artifact that was changed', async () => {
  const copy = join(scratch, 'changed');
  cpSync(compiled, copy, { recursive: true });
  const path = join(copy, 'function/index.mjs');
  const bytes = Buffer.alloc(statSync(path).size, ' ');
  writeFileSync(path, bytes);
  const own = join(scratch, 'new-cache');
  await fetchBase(base, { lockPath, cacheDir: own, env, signal });
  await expect(build([copy], { cacheDir: own })).rejects.toMatchObject({ code: 'ARTIFACT_CHANGED' });
});
