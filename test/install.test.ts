import { execFileSync } from 'node:child_process';
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
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../lib/version.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-install-'));
const hostArch = process.arch === 'x64' ? 'x64' : 'arm64';

/** A stranger's environment: none of what npm and this project set for their scripts, but where the registry is. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_(ENV|OPTIONS|PATH)|VITEST|ONNXRUNTIME)/i.test(name),
  ),
);
const { npm_config_registry: registry } = process.env;
if (registry) {
  env.npm_config_registry = registry;
}
const tools = (process.env.PATH ?? '').split(delimiter).filter(path => !path.includes('node_modules'));
env.PATH = [dirname(process.execPath), ...tools].join(delimiter);
// Its own cache, so that nothing packed before is found again.
env.COLDPRESS_CACHE_DIR = join(scratch, 'cache');

function run(cwd: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

let tarball: string;

beforeAll(() => {
  run(root, 'npm', 'pack', '--silent', '--pack-destination', scratch);
  tarball = join(scratch, `coldpress-${version}.tgz`);
}, 300_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(['10', '11'])('installed with npm %s as its users install it', npm => {
  const home = join(scratch, `npm-${npm}`);
  const installed = join(home, 'node_modules/coldpress');

  beforeAll(() => {
    cpSync(join(root, 'examples/breast-cancer'), home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
    run(home, 'npm', 'exec', '--yes', `--package=npm@${npm}`, '--', 'npm', 'install', tarball, 'valibot@1');
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

  test('it inspects, packs and invokes a model', { timeout: 120_000 }, () => {
    expect(run(home, 'npx', 'coldpress', '--version')).toContain(`coldpress ${version}\n`);
    expect(JSON.parse(run(home, 'npx', 'coldpress', 'inspect', 'model.onnx', '--json'))).toBeTypeOf('object');
    run(home, 'npx', 'coldpress', 'pack', '--arch', hostArch, '--out', 'out');
    const manifest = JSON.parse(readFileSync(join(home, 'out/function/coldpress.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'breast-cancer', architecture: hostArch });
    const notices = readFileSync(join(home, 'out/function/THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toMatch(/^coldpress .*\(Apache-2\.0\)$/m);
    expect(notices).toMatch(/^valibot .*\(MIT\)$/m);
    const answer = run(home, 'npx', 'coldpress', 'invoke', 'out', '--input', 'request.json', '--json');
    expect(answer).toContain('output_probability');
  });

  // The only CPU that Google has for functions.
  test.runIf(hostArch === 'x64')('it packs for Google Cloud, and invokes', { timeout: 120_000 }, () => {
    run(home, 'npx', 'coldpress', 'pack', 'model.onnx', '--target', 'gcf', '--out', 'gcf');
    expect(existsSync(join(home, 'node_modules/@google-cloud'))).toBe(false);
    const answer = run(home, 'npx', 'coldpress', 'invoke', 'gcf', '--input', 'request.json', '--json');
    expect(answer).toContain('output_probability');
    const framework = 'functions-framework/THIRD-PARTY-NOTICES.txt';
    expect(readFileSync(join(home, 'gcf/function', framework), 'utf8')).toMatch(/^express .*\(MIT\)$/m);
  });
});
