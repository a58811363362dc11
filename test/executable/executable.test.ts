import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeExecutable } from '../../lib/executable/make-executable.ts';
import { hostPlatform } from '../../lib/executable/platforms.ts';
import { freePort } from '../../lib/local/free-port.ts';
import { cacheRoot } from '../../lib/pack/cache.ts';
import { verifyArtifact } from '../../lib/verify/verify.ts';
import { example, makeScratch, packExample } from '../packed/pack-example.ts';
import { linkedFiles } from './linked-files.ts';

const scratch = makeScratch();
const cacheDir = cacheRoot(process.env);
const record = readFileSync(join(example, 'record.json'), 'utf8');
const line = `${JSON.stringify(JSON.parse(record))}\n`;
const csv = readFileSync(join(example, 'samples.csv'), 'utf8').split('\n').slice(0, 4).join('\n');
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
});

/** A folder of its own, with a space in its name. */
function place(name: string): string {
  const dir = join(scratch, `a place for ${name}`);
  mkdirSync(dir, { recursive: true });
  return dir;
}

async function make(
  variant: 'container' | 'container-compiled',
): Promise<{ path: string; artifact: string }> {
  const artifact = await packExample(scratch, variant);
  const path = join(place(variant), 'breast cancer');
  await makeExecutable(artifact, { out: path, cacheDir });
  return { path, artifact };
}

function start(path: string, args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(path, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  children.push(child);
  return child;
}

async function run(path: string, args: string[], { env = {}, stdin = '' } = {}) {
  const child = start(path, args, env);
  child.stdin!.end(stdin);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout!),
    text(child.stderr!),
  ]);
  return { code, stdout, stderr };
}

interface Component {
  name: string;
  version: string;
  hashes?: { alg: string; content: string }[];
  components?: Component[];
}

const componentsOf = (sbom: string): Component[] => JSON.parse(sbom).components;
const sha256Of = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

const sizeOf = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

// Node 22 of the matrix makes none of an artifact for Node 24 without the network.
const isMakeable = hostPlatform() !== undefined && process.versions.node.startsWith('24.');

describe.skipIf(!isMakeable)('a compiled model as one file', () => {
  let made: { path: string; artifact: string };

  beforeAll(async () => {
    made = await make('container-compiled');
  }, 120_000);

  test('is no larger than Node, the artifact and 1 MB', () => {
    const { path, artifact } = made;
    const most = statSync(process.execPath).size + sizeOf(artifact) + 2 ** 20;
    expect(statSync(path).size).toBeLessThan(most);
  });

  test.each([
    { name: 'CSV', args: [], stdin: csv, says: /^row,label,.*error\r\n1,malignant,[^\n]*\n2,/ },
    { name: 'JSON Lines', args: [], stdin: line, says: /^\{"row":1,"result":\{"label":"malignant"/ },
    { name: 'a named format', args: ['--format', 'jsonl'], stdin: line, says: /"malignant"/ },
    { name: 'nothing', args: ['--format', 'jsonl'], stdin: '', says: /^$/ },
    { name: 'a broken line', args: [], stdin: `${line}{\n`, says: /"row":2,"error"/, code: 3 },
    { name: 'an unknown format', args: ['--format', 'xml'], stdin: '', says: /^$/, code: 2 },
  ])('scores $name in an empty environment', async ({ args, stdin, says, code = 0 }) => {
    const ended = await run(made.path, ['score', ...args], { stdin });
    expect(ended).toMatchObject({ code, stdout: expect.stringMatching(says) });
  });

  test('verifies its files', async () => {
    expect(await run(made.path, ['verify'])).toMatchObject({ code: 0 });
  });

  test('is verified without being run, and a changed file is found', async () => {
    expect(await verifyArtifact(made.path)).toMatchObject({ name: 'breast-cancer', differences: [] });
    const bytes = readFileSync(made.path);
    const notices = readFileSync(join(made.artifact, 'function/THIRD-PARTY-NOTICES.txt'));
    bytes[bytes.lastIndexOf(notices)]! ^= 1;
    const changed = join(place('changed'), 'executable');
    writeFileSync(changed, bytes);
    expect((await verifyArtifact(changed)).differences).toMatchObject([{ kind: 'changed' }]);
    await expect(verifyArtifact(process.execPath)).rejects.toMatchObject({ code: 'ARTIFACT_INVALID' });
  });

  test('prints its bill of materials, which names Node', async () => {
    const { code, stdout } = await run(made.path, ['sbom']);
    expect(code).toBe(0);
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(stdout)).toBe(null);
    const names = componentsOf(stdout).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['node', 'coldpress', 'valibot', 'model.onnx', 'index.mjs']),
    );
    expect(componentsOf(stdout).find(({ name }) => name === 'node')).toMatchObject({
      version: process.versions.node,
      hashes: [{ alg: 'SHA-256', content: sha256Of(process.execPath) }],
    });
  });

  test('serves, and writes no file', async () => {
    const home = place('a home');
    const port = await freePort(0);
    const server = start(made.path, ['serve'], { PORT: String(port), HOME: home, TMPDIR: home });
    const url = `http://127.0.0.1:${port}`;
    await expect
      .poll(
        () =>
          fetch(`${url}/v2/health/ready`).then(
            r => r.status,
            () => 0,
          ),
        { timeout: 20_000 },
      )
      .toBe(200);
    const scored = await fetch(url, {
      method: 'POST',
      body: record,
      headers: { 'content-type': 'application/json' },
    });
    expect(await scored.json()).toMatchObject({ label: 'malignant' });
    const infer = await fetch(`${url}/v2/models/breast-cancer/infer`, {
      method: 'POST',
      body: readFileSync(join(example, 'request.json')),
    });
    expect(await infer.json()).toHaveProperty('outputs');
    expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
    expect(readdirSync(home)).toEqual([]);
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
  });

  test.each([
    ['a target that is no container', () => packExample(scratch, 'compiled'), {}, 'ARTIFACT_TARGET'],
    ['an unknown platform', async () => made.artifact, { platform: 'plan9' }, 'OPTION_INVALID'],
    [
      'a Node that was not fetched',
      async () => made.artifact,
      { platform: 'win-x64', cacheDir: join(scratch, 'empty') },
      'NODE_NOT_FETCHED',
    ],
    ['a folder as its name', async () => made.artifact, { out: scratch }, 'OUTPUT_UNWRITABLE'],
    ['a folder as its SBOM', async () => made.artifact, { sbom: scratch }, 'OUTPUT_UNWRITABLE'],
    [
      'Node itself, which it would replace',
      async () => made.artifact,
      { out: process.execPath },
      'OUTPUT_EXISTS',
    ],
    [
      'one name for both files',
      async () => made.artifact,
      { sbom: join(scratch, 'a place for refusals/out') },
      'OPTION_CONFLICT',
    ],
  ])('is not made of %s', async (_, dir, options, code) => {
    const out = join(place('refusals'), 'out');
    await expect(makeExecutable(await dir(), { cacheDir, out, ...options })).rejects.toMatchObject({ code });
    expect(readdirSync(dirname(out))).toEqual([]);
  });

  test('replaces its own', async () => {
    const out = join(place('own'), 'out');
    copyFileSync(made.path, out);
    expect(await makeExecutable(made.artifact, { cacheDir, out })).toMatchObject({ path: out });
  });

  test('leaves nothing behind when it is interrupted', async () => {
    const out = join(place('interrupted'), 'out');
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const making = makeExecutable(made.artifact, {
      cacheDir,
      out,
      signal: controller.signal,
      onProgress: step => step.startsWith('injecting') && controller.abort(reason),
    });
    await expect(making).rejects.toBe(reason);
    expect(readdirSync(dirname(out))).toEqual([]);
  });
});

describe.skipIf(!isMakeable)('a model on ONNX Runtime as one file', () => {
  let path: string;

  beforeAll(async () => {
    ({ path } = await make('container'));
  }, 120_000);

  const score = (cache: string, env = {}) =>
    run(path, ['score'], { stdin: line, env: { COLDPRESS_CACHE_DIR: cache, ...env } });
  const right = { code: 0, stdout: expect.stringContaining('"malignant"') };
  const placed = (cache: string) =>
    readdirSync(cache, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name));

  test('places its files once, for its user alone', async () => {
    const cache = place('files');
    expect(await score(cache)).toMatchObject(right);
    const [folder = ''] = readdirSync(cache);
    expect(statSync(join(cache, folder)).mode & 0o777).toBe(0o700);
    const library = placed(cache).find(name => name.includes('libonnxruntime'))!;
    const before = statSync(library).ino;
    expect(await score(cache)).toMatchObject(right);
    expect(statSync(library).ino).toBe(before);
  });

  test('puts a file right that was changed', async () => {
    const cache = place('changes');
    await score(cache);
    for (const file of placed(cache)) {
      chmodSync(file, 0o700);
      writeFileSync(file, 'not what it was');
    }
    expect(await score(cache)).toMatchObject(right);
    expect(placed(cache).filter(file => readFileSync(file, 'latin1').startsWith('not what'))).toEqual([]);
  });

  test('its bill of materials has the native files inside their package', async () => {
    const { stdout } = await run(path, ['sbom']);
    const cache = place('native files');
    await score(cache);
    const native = componentsOf(stdout).find(({ name }) => name === 'onnxruntime-node')!;
    const files = placed(cache).filter(file => /\.(node|so\.1)$/.test(file));
    expect(native.components!.map(({ hashes }) => hashes![0]!.content).sort()).toEqual(
      files.map(sha256Of).sort(),
    );
  });

  test('ten that start at once are all right', async () => {
    const cache = place('ten');
    const ended = await Promise.all(Array.from({ length: 10 }, () => score(cache)));
    expect(ended.map(({ code }) => code)).toEqual(Array(10).fill(0));
    expect(placed(cache).filter(file => file.endsWith('.partial'))).toEqual([]);
  }, 60_000);

  test('one that is killed while it places them leaves nothing that another takes', async () => {
    const cache = place('kills');
    for (const delayMs of [60, 120, 180, 240, 300]) {
      const child = start(path, ['score'], { COLDPRESS_CACHE_DIR: cache });
      await sleep(delayMs);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(await score(cache)).toMatchObject(right);
  }, 60_000);

  test.skipIf(process.getuid?.() === undefined)('a folder that others may write to is not used', async () => {
    const [cache, temporary] = [place('others'), place('temporary')];
    const open = join(cache, `coldpress-executables-${process.getuid!()}`);
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(await score(cache, { TMPDIR: temporary })).toMatchObject(right);
    expect(readdirSync(open)).toEqual([]);
    expect(readdirSync(temporary)).toHaveLength(1);
  });

  test('clean deletes what other versions have placed', async () => {
    const cache = place('versions');
    await score(cache);
    const root = join(cache, readdirSync(cache)[0]!);
    const [own = ''] = readdirSync(root);
    const older = own.replace(/[0-9a-f]{16}$/, '0123456789abcdef');
    mkdirSync(join(root, older));
    mkdirSync(join(root, 'breast-cancer-two-0123456789abcdef'));
    const ended = await run(path, ['clean'], { env: { COLDPRESS_CACHE_DIR: cache } });
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`deleted ${join(root, older)}\n`),
    });
    expect(readdirSync(root).sort()).toEqual([own, 'breast-cancer-two-0123456789abcdef'].sort());
  });

  const libraries = ['/lib/x86_64-linux-gnu', '/lib64'].filter(existsSync);
  const canIsolate =
    process.platform === 'linux' &&
    process.arch === 'x64' &&
    libraries.length === 2 &&
    spawnSync('unshare', ['--map-root-user', '--net', 'true']).status === 0;

  test.skipIf(!canIsolate)('runs in a root of glibc and libstdc++ alone, without a network', async () => {
    const root = place('a root');
    const library = placed(place('files')).find(name => name.includes('libonnxruntime'))!;
    for (const file of [process.execPath, library].flatMap(linkedFiles)) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      copyFileSync(file, join(root, file));
    }
    mkdirSync(join(root, 'tmp'));
    copyFileSync(path, join(root, 'function'));
    const child = spawnSync('unshare', ['--map-root-user', '--net', 'chroot', root, '/function', 'score'], {
      // Where unshare and chroot are.
      env: { PATH: process.env.PATH },
      input: line,
      encoding: 'utf8',
    });
    expect(child).toMatchObject({ status: 0, stdout: expect.stringContaining('"malignant"') });
  });
});
