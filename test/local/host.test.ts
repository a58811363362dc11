import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../lib/contract/manifest.ts';
import { resolveHostEngine } from '../../lib/local/host-engine.ts';
import { invokeOnce } from '../../lib/local/invoke.ts';
import { chooseNode } from '../../lib/local/node.ts';
import { resolveRuntimeClient, runtimeClientPlaces } from '../../lib/local/runtime-client/resolve-client.ts';
import { onnxruntimeVersion } from '../../lib/native/onnxruntime.ts';
import { emptyFolder, host, tinyArtifact } from './tiny-artifact.ts';

describe('the engine', () => {
  const manifest = {
    architecture: 'arm64',
    versions: { coldpress: '0.0.0', node: '24', onnxruntime: onnxruntimeVersion() },
  } as Manifest;

  test('is the artifact’s where the machine is the target', () => {
    expect(resolveHostEngine(manifest, { platform: 'linux', arch: 'arm64' })).toEqual({ kind: 'artifact' });
  });

  test.each(['linux/x64', 'darwin/arm64', 'win32/x64'])(
    'is the host’s on %s, and says so in one line',
    name => {
      const [platform = '', arch = ''] = name.split('/');
      const engine = resolveHostEngine(manifest, { platform, arch });
      expect(engine).toMatchObject({
        kind: 'host',
        files: expect.arrayContaining(['onnxruntime_binding.node']),
      });
      expect(engine).toHaveProperty('note', expect.stringMatching(/^.*linux-arm64.*host engine's$/));
    },
  );

  test.each(['darwin/x64', 'darwin/arm64', 'win32/x64', 'linux/x64'])(
    'of a compiled model is the artifact’s on %s',
    name => {
      const [platform = '', arch = ''] = name.split('/');
      const compiled = { ...manifest, architecture: 'any' } as Manifest;
      expect(resolveHostEngine(compiled, { platform, arch })).toEqual({ kind: 'artifact' });
    },
  );

  test('is refused by name on a Mac with Intel', () => {
    const resolve = () => resolveHostEngine(manifest, { platform: 'darwin', arch: 'x64' });
    expect(resolve).toThrow('macOS on Intel');
  });

  test('is refused in another version than the artifact’s', () => {
    const older = { ...manifest, versions: { ...manifest.versions, onnxruntime: '1.2.3' } };
    expect(() => resolveHostEngine(older, { platform: 'linux', arch: 'x64' })).toThrow('ONNX Runtime 1.2.3');
  });

  const other = host.arch === 'arm64' ? 'x64' : 'arm64';
  const opensEngine = (binding: string) => `import { createRequire } from 'node:module';
    const { InferenceSession } = createRequire(import.meta.url)(${JSON.stringify(binding)});
    export const handler = async () => typeof InferenceSession;`;

  test.each(['layer', 'inline'] as const)('runs in place of a foreign one: %s', async native => {
    const path = `coldpress-onnxruntime-${onnxruntimeVersion()}-${other}`;
    const folder = native === 'inline' ? './' : '';
    const dir = await tinyArtifact(opensEngine(`${folder}${path}/onnxruntime_binding.node`), {
      architecture: other,
      versions: { coldpress: '0.0.0', node: host.nodeVersion, onnxruntime: onnxruntimeVersion() },
      engine: { name: 'onnxruntime', native, path },
      files: {
        [`layer/nodejs/node_modules/${path}/onnxruntime_binding.node`]: 'of the other CPU',
        [`function/${path}/onnxruntime_binding.node`]: 'of the other CPU',
      },
    });
    const result = await invokeOnce(dir, { host });
    expect(result).toMatchObject({
      answer: 'function',
      engine: { kind: 'host', note: expect.stringContaining(`linux-${other}`) },
      phases: { engine: 'host' },
    });
  });
});

describe('the runtime client', () => {
  test('is AWS’s where it is installed', () => {
    expect(resolveRuntimeClient(runtimeClientPlaces(host)).name).toMatch(/^aws-lambda-ric 4\./);
  });

  test('is our own where AWS’s is missing', async () => {
    expect(resolveRuntimeClient([await emptyFolder()]).name).toBe('coldpress');
  });
});

describe.skipIf(host.platform === 'win32')('the Node', () => {
  /** Something at `path` that says it is Node of a version. */
  async function fakeNode(path: string, version: string) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\necho v${version}\n`);
    await chmod(path, 0o755);
  }

  async function machine() {
    const [cwd, first, second] = [await emptyFolder(), await emptyFolder(), await emptyFolder()];
    const env = { PATH: [first, second].join(delimiter) };
    return { first, second, host: { ...host, nodeVersion: '26.1.0', cwd, env } };
  }

  test('is the current one where its major is the target’s', async () => {
    const { host } = await machine();
    const choice = { path: host.execPath, version: '26.1.0', source: 'current', matches: true };
    expect(await chooseNode('26.0.0', host)).toEqual(choice);
  });

  test('is the first of the target’s major on PATH', async () => {
    const { host, first, second } = await machine();
    await fakeNode(join(first, 'node'), '22.20.0');
    await fakeNode(join(second, 'node'), '24.3.0');
    const choice = { path: join(second, 'node'), version: '24.3.0', source: 'path', matches: true };
    expect(await chooseNode('24', host)).toEqual(choice);
  });

  test('is the project’s node package, where PATH has none', async () => {
    const { host } = await machine();
    const installed = join(host.cwd, 'node_modules/node');
    await fakeNode(join(installed, 'bin/node'), '24.21.0');
    await writeFile(join(installed, 'package.json'), '{"name":"node"}');
    const choice = {
      path: join(installed, 'bin/node'),
      version: '24.21.0',
      source: 'project',
      matches: true,
    };
    expect(await chooseNode('24', host)).toEqual(choice);
  });

  test('is else the current one, which does not match', async () => {
    const { host } = await machine();
    expect(await chooseNode('24', host)).toMatchObject({ source: 'current', matches: false });
  });
});
