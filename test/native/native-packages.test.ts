import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { nativePackagePlan } from '../../lib/native/native-packages.ts';
import { nativePackages } from '../../lib/native/native-packages-plugin.ts';
import { locateOnnxruntime } from '../../lib/native/onnxruntime.ts';
import { LINUX_SYSTEMS } from '../../lib/targets/linux-system.ts';
import { loadEsbuild } from '../../lib/vendored.ts';
import { makeElf } from './make-elf.ts';

const system = LINUX_SYSTEMS['amazon-linux-2023'];
type Tree = Record<string, string | Buffer | object>;

/** A project in a temporary folder; objects are written as JSON. */
function project(tree: Tree): string {
  const root = mkdtempSync(join(tmpdir(), 'coldpress-packages-'));
  for (const [path, contents] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const isData = typeof contents === 'string' || Buffer.isBuffer(contents);
    writeFileSync(join(root, path), isData ? contents : JSON.stringify(contents));
  }
  return root;
}

const manifest = (name: string, rest: object = {}) => ({ name, version: '1.2.3', ...rest });
const plan = (root: string, names: string[], arch: 'x64' | 'arm64' = 'arm64') =>
  nativePackagePlan(
    names.map(name => join(root, 'node_modules', name)),
    { arch, system },
  );
const paths = (root: string, names: string[], arch?: 'x64' | 'arm64') =>
  plan(root, names, arch).files.map(file => file.path);

describe('prebuilt files of every platform in one package', () => {
  const root = project({
    'node_modules/fast/package.json': manifest('fast', { dependencies: { loader: '*' } }),
    'node_modules/fast/index.js': '',
    'node_modules/fast/index.d.ts': '',
    'node_modules/fast/src/fast.cc': '',
    'node_modules/fast/LICENSE': '',
    'node_modules/fast/prebuilds/linux-arm64/fast.glibc.node': makeElf({
      arch: 'arm64',
      needed: ['libc.so.6'],
    }),
    'node_modules/fast/prebuilds/linux-arm64/fast.musl.node': makeElf({
      arch: 'arm64',
      needed: ['libc.musl-aarch64.so.1'],
    }),
    'node_modules/fast/prebuilds/linux-x64/fast.node': makeElf({ arch: 'x64' }),
    'node_modules/fast/prebuilds/win32-x64/fast.node': 'MZ',
    'node_modules/loader/package.json': manifest('loader'),
    'node_modules/loader/index.js': '',
  });

  test('the target’s go along, with what the package needs in production', () => {
    expect(plan(root, ['fast']).packages).toEqual([
      { name: 'fast', version: '1.2.3' },
      { name: 'loader', version: '1.2.3' },
    ]);
    expect(paths(root, ['fast']).sort()).toEqual([
      'node_modules/fast/LICENSE',
      'node_modules/fast/index.js',
      'node_modules/fast/package.json',
      'node_modules/fast/prebuilds/linux-arm64/fast.glibc.node',
      'node_modules/loader/index.js',
      'node_modules/loader/package.json',
    ]);
    expect(paths(root, ['fast'], 'x64')).toContain('node_modules/fast/prebuilds/linux-x64/fast.node');
  });
});

describe('one package a platform', () => {
  const tree: Tree = {
    'node_modules/image/package.json': manifest('image', {
      optionalDependencies: {
        '@image/core-darwin-arm64': '1.2.3',
        '@image/core-linux-arm64': '1.2.3',
        '@image/core-linux-x64': '1.2.3',
        '@image/core-linuxmusl-arm64': '1.2.3',
        '@image/lib-linux-arm64': '4.5.6',
        '@image/lib-linux-x64': '4.5.6',
      },
    }),
    'node_modules/image/index.js': '',
    'node_modules/@image/core-darwin-arm64/package.json': manifest('@image/core-darwin-arm64'),
    'node_modules/@image/core-linux-x64/package.json': manifest('@image/core-linux-x64'),
    'node_modules/@image/core-linux-x64/lib/core.node': makeElf({
      needed: ['libimage.so.42'],
      rpath: '$ORIGIN/../../lib-linux-x64',
    }),
    'node_modules/@image/lib-linux-x64/package.json': manifest('@image/lib-linux-x64'),
    'node_modules/@image/lib-linux-x64/libimage.so.42': makeElf({}),
  };

  test('the target’s go along, and find each other’s libraries', () => {
    expect(paths(project(tree), ['image'], 'x64')).toEqual([
      'node_modules/image/index.js',
      'node_modules/image/package.json',
      'node_modules/@image/core-linux-x64/lib/core.node',
      'node_modules/@image/core-linux-x64/package.json',
      'node_modules/@image/lib-linux-x64/libimage.so.42',
      'node_modules/@image/lib-linux-x64/package.json',
    ]);
  });

  test('those that are missing are named, with the command that adds them', () => {
    expect(() => paths(project(tree), ['image'], 'arm64')).toThrow(
      expect.objectContaining({
        code: 'NATIVE_PACKAGE_MISSING',
        message:
          'image 1.2.3 needs @image/core-linux-arm64 and @image/lib-linux-arm64 on linux-arm64; not installed here',
        hint: 'npm install --no-save --force @image/core-linux-arm64@1.2.3 @image/lib-linux-arm64@4.5.6',
      }),
    );
  });
});

test('a package compiled for this machine alone is refused', () => {
  const root = project({
    'node_modules/db/package.json': manifest('db'),
    'node_modules/db/build/Release/db.node': makeElf({ arch: 'x64' }),
  });
  expect(() => paths(root, ['db'], 'arm64')).toThrow(
    expect.objectContaining({
      code: 'NATIVE_PACKAGE_UNFIT',
      message: 'db 1.2.3 is installed without files for linux-arm64',
      hint: expect.stringMatching(/--platform linux\/arm64 .* npm install --no-save db@1\.2\.3$/),
    }),
  );
  expect(paths(root, ['db'], 'x64')).toHaveLength(2);
});

test('an addon that wants a newer system is refused', () => {
  const newer = makeElf({ arch: 'arm64', versions: { 'libc.so.6': ['GLIBC_2.38'] } });
  const root = project({ 'node_modules/db/package.json': manifest('db'), 'node_modules/db/db.node': newer });
  expect(() => paths(root, ['db'])).toThrow(/needs GLIBC_2\.38; Amazon Linux 2023 has GLIBC_2\.34/);
});

test('each package keeps the versions that it has here', () => {
  const root = project({
    'node_modules/a/package.json': manifest('a', { dependencies: { b: '*', c: '*' } }),
    'node_modules/a/node_modules/c/package.json': manifest('c', { version: '2.0.0' }),
    'node_modules/b/package.json': manifest('b', { dependencies: { c: '*', a: '*' } }),
    'node_modules/c/package.json': manifest('c', { version: '1.0.0' }),
    'node_modules/other/package.json': manifest('other', { dependencies: { c: '*' } }),
  });
  const placed = Object.fromEntries(
    plan(root, ['a', 'other']).files.map(({ path, reason }) => [path, reason.split(',')[0]]),
  );
  expect(placed).toEqual({
    'node_modules/a/package.json': 'a 1.2.3',
    'node_modules/other/package.json': 'other 1.2.3',
    'node_modules/b/package.json': 'b 1.2.3',
    'node_modules/c/package.json': 'c 2.0.0',
    'node_modules/b/node_modules/c/package.json': 'c 1.0.0',
    'node_modules/other/node_modules/c/package.json': 'c 1.0.0',
  });
});

test('two versions of one package cannot both be the function’s', () => {
  const root = project({
    'node_modules/a/package.json': manifest('a'),
    'node_modules/b/node_modules/a/package.json': manifest('a', { version: '2.0.0' }),
  });
  expect(() => paths(root, ['a', 'b/node_modules/a'])).toThrow(/imports a both 1\.2\.3 and 2\.0\.0/);
});

describe('the plugin', () => {
  let root: string;
  const host = process.arch as 'x64' | 'arm64';
  const runs = process.platform === 'linux';

  beforeAll(() => {
    root = project({
      'node_modules/engine/package.json': manifest('engine'),
      'node_modules/engine/index.js': `module.exports = require('./' + process.arch + '/engine.node');`,
      'node_modules/plain/package.json': manifest('plain'),
      'node_modules/plain/index.js': `exports.backends = () => require('engine').listSupportedBackends();`,
      'score.mjs': `import { backends } from 'plain'; console.log(JSON.stringify(backends()));`,
    });
    for (const arch of ['x64', 'arm64'] as const) {
      const { dir } = locateOnnxruntime('linux', arch);
      const to = join(root, 'node_modules/engine', arch);
      mkdirSync(to);
      copyFileSync(join(dir, 'onnxruntime_binding.node'), join(to, 'engine.node'));
      symlinkSync(join(dir, 'libonnxruntime.so.1'), join(to, 'libonnxruntime.so.1'));
    }
  });

  async function bundle(entry: string) {
    const found = new Set<string>();
    const result = await loadEsbuild().build({
      entryPoints: [join(root, entry)],
      write: false,
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: `import{createRequire as c}from'node:module';const require=c(import.meta.url);` },
      plugins: [nativePackages(dir => found.add(dir))],
      logLevel: 'silent',
    });
    return { code: result.outputFiles[0]!.text, found: [...found] };
  }

  test('leaves them out of the bundle, and the bundle finds the copies', async context => {
    const { code, found } = await bundle('score.mjs');
    expect(found).toEqual([join(root, 'node_modules/engine')]);
    expect(code).toContain('require("engine")');
    if (!runs) {
      context.skip('the packed files run on Linux only');
    }
    const out = mkdtempSync(join(tmpdir(), 'coldpress-run-'));
    writeFileSync(join(out, 'index.mjs'), code);
    for (const { path, source } of nativePackagePlan(found, { arch: host, system }).files) {
      mkdirSync(dirname(join(out, path)), { recursive: true });
      copyFileSync(source, join(out, path));
    }
    const answer = execFileSync(process.execPath, ['index.mjs'], { cwd: out, encoding: 'utf8' });
    expect(JSON.parse(answer)).toContainEqual({ name: 'cpu', bundled: true });
  });

  test('refuses a native file of no package', async () => {
    linkSync(join(root, 'node_modules/engine/x64/engine.node'), join(root, 'mine.node'));
    writeFileSync(join(root, 'bad.mjs'), `import './mine.node';`);
    await expect(bundle('bad.mjs')).rejects.toThrow(/"\.\/mine\.node" is a native file of no package/);
    rmSync(join(root, 'mine.node'));
  });

  test('leaves other packages alone, and what is not there to esbuild', async () => {
    writeFileSync(join(root, 'gone.mjs'), `import 'not-there';`);
    await expect(bundle('gone.mjs')).rejects.toThrow(/Could not resolve "not-there"/);
  });
});
