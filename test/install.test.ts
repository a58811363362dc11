import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../lib/version.ts';
import { packTarball, runIn, strangersEnvironment } from './tarball.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-install-'));
const hostArch = process.arch === 'x64' ? 'x64' : 'arm64';

const env = strangersEnvironment(join(scratch, 'cache'));
const run = (cwd: string, ...command: [string, ...string[]]) => runIn(cwd, env, command);

let tarball: string;

beforeAll(async () => {
  tarball = await packTarball(env);
}, 300_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

// Of npm's versions, the one that this machine has.
describe('installed as its users install it', () => {
  const home = join(scratch, 'home');
  const installed = join(home, 'node_modules/coldpress');

  beforeAll(async () => {
    cpSync(join(root, 'examples/breast-cancer'), home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
    await run(home, 'npm', 'install', tarball, 'valibot@1');
  }, 300_000);

  test('no package has an install script', () => {
    const manifests = globSync('node_modules/**/package.json', { cwd: home }).filter(path =>
      /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path),
    );
    expect(manifests).toContain('node_modules/coldpress/package.json');
    expect(manifests).not.toContain('node_modules/esbuild/package.json');
    expect(manifests).not.toContain('node_modules/onnxruntime-node/package.json');
    const scripts = manifests.flatMap(path => {
      const { name, scripts = {} } = JSON.parse(readFileSync(join(home, path), 'utf8'));
      const own = ['preinstall', 'install', 'postinstall'].filter(script => script in scripts);
      // npm compiles what has a binding.gyp without being told to.
      return existsSync(join(home, dirname(path), 'binding.gyp'))
        ? [`${name}: binding.gyp`]
        : own.map(s => `${name}: ${s}`);
    });
    expect(scripts).toEqual([]);
  });

  test('every link and picture of its pages is in the package, or on the web', () => {
    const broken = globSync('{*.md,docs/**/*.md}', { cwd: installed }).flatMap(page => {
      const text = readFileSync(join(installed, page), 'utf8').replace(/```[\s\S]*?```/g, '');
      const paths = [...text.matchAll(/\]\((?!https:|mailto:)([^)#]+)/g)].map(([, path]) => path!);
      return paths
        .filter(path => !existsSync(join(installed, dirname(page), path)))
        .map(path => `${page}: ${path}`);
    });
    expect(broken).toEqual([]);
  });

  test('its manifest says where it comes from, and runs nothing when it is installed from a repository', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({
      homepage: expect.stringMatching(/^https:/),
      bugs: { url: expect.stringMatching(/^https:/) },
      repository: { type: 'git', url: expect.stringMatching(/^git\+https:/) },
    });
    expect(manifest.scripts).not.toHaveProperty('prepare');
  });

  test('the packed files are those that are needed, with their licences', () => {
    const engines = globSync('bin/napi-v6/*/*/*', { cwd: join(installed, 'dist/vendored/onnxruntime-node') });
    expect(engines.sort()).toEqual([
      'bin/napi-v6/darwin/arm64/libonnxruntime.1.dylib',
      'bin/napi-v6/darwin/arm64/onnxruntime_binding.node',
      'bin/napi-v6/linux/arm64/libonnxruntime.so.1',
      'bin/napi-v6/linux/arm64/onnxruntime_binding.node',
      'bin/napi-v6/linux/x64/libonnxruntime.so.1',
      'bin/napi-v6/linux/x64/onnxruntime_binding.node',
      'bin/napi-v6/win32/arm64/onnxruntime.dll',
      'bin/napi-v6/win32/arm64/onnxruntime_binding.node',
      'bin/napi-v6/win32/x64/onnxruntime.dll',
      'bin/napi-v6/win32/x64/onnxruntime_binding.node',
    ]);
    expect(readdirSync(installed)).toEqual(expect.arrayContaining(['LICENSE', 'THIRD-PARTY-NOTICES.md']));
    expect(readdirSync(join(installed, 'dist/vendored/esbuild')).sort()).toEqual([
      'LICENSE.md',
      'lib',
      'package.json',
    ]);
    expect(readdirSync(join(installed, 'dist/vendored/functions-framework'))).toEqual(
      expect.arrayContaining(['THIRD-PARTY-NOTICES.txt', 'main.cjs', 'package.json']),
    );
    expect(readdirSync(join(installed, 'dist/lib/native/licenses/onnxruntime')).sort()).toEqual([
      'LICENSE',
      'ThirdPartyNotices.txt',
    ]);
    // The launcher alone: sources would be loaded in place of the compiled code.
    expect(globSync('{bin,lib,handlers}/*', { cwd: installed })).toEqual(['bin/coldpress.js']);
  });

  const native = ['--arch', hostArch, '--engine', 'onnxruntime'];

  test('it inspects, packs and invokes a model', { timeout: 120_000 }, async () => {
    expect(await run(home, 'npx', 'coldpress', '--version')).toContain(`coldpress ${version}\n`);
    const inspected = await run(home, 'npx', 'coldpress', 'inspect', 'model.onnx', '--json');
    expect(JSON.parse(inspected)).toBeTypeOf('object');
    await run(home, 'npx', 'coldpress', 'pack', ...native, '--out', 'out');
    const manifest = JSON.parse(readFileSync(join(home, 'out/function/coldpress.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'breast-cancer', architecture: hostArch });
    const notices = readFileSync(join(home, 'out/function/THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toMatch(/^coldpress .*\(Apache-2\.0\)$/m);
    expect(notices).toMatch(/^valibot .*\(MIT\)$/m);
    const answer = await run(home, 'npx', 'coldpress', 'invoke', 'out', '--input', 'request.json', '--json');
    expect(answer).toContain('output_probability');
  });

  test('it refuses a native file of which one byte changed', { timeout: 120_000 }, async () => {
    const file = `dist/vendored/onnxruntime-node/bin/napi-v6/linux/${hostArch}/libonnxruntime.so.1`;
    const whole = readFileSync(join(installed, file));
    const changed = Buffer.from(whole);
    changed[changed.length >> 1]! ^= 1;
    writeFileSync(join(installed, file), changed);
    const cache = { COLDPRESS_CACHE_DIR: join(scratch, 'empty-cache') };
    try {
      const packing = ['npx', 'coldpress', 'pack', ...native, '--out', 'changed'] as [string, ...string[]];
      await expect(runIn(home, { ...env, ...cache }, packing)).rejects.toThrow(
        new RegExp(`NATIVE_CHANGED: .*${file}`),
      );
      expect(existsSync(join(home, 'changed'))).toBe(false);
    } finally {
      writeFileSync(join(installed, file), whole);
    }
  });

  // The only CPU that Google has for functions.
  test.runIf(hostArch === 'x64')('it packs for Google Cloud, and invokes', { timeout: 120_000 }, async () => {
    await run(home, 'npx', 'coldpress', 'pack', 'model.onnx', '--target', 'gcf', '--out', 'gcf');
    expect(existsSync(join(home, 'node_modules/@google-cloud'))).toBe(false);
    const answer = await run(home, 'npx', 'coldpress', 'invoke', 'gcf', '--input', 'request.json', '--json');
    expect(answer).toContain('output_probability');
    const framework = 'functions-framework/THIRD-PARTY-NOTICES.txt';
    expect(readFileSync(join(home, 'gcf/function', framework), 'utf8')).toMatch(/^express .*\(MIT\)$/m);
  });
});
