import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Manifest, parseManifest } from '../../lib/contract/manifest.ts';
import { pack } from '../../lib/pack/pack.ts';
import type { PackOptions } from '../../lib/pack/pack-options.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples/breast-cancer');
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-pack-'));
const { env } = process;

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function packExample(out: string, changes: Partial<PackOptions> = {}) {
  return pack({ cwd: example, env, arch: 'x64', engine: 'onnxruntime', out: join(scratch, out), ...changes });
}

function readArtifact(out: string): Manifest {
  return parseManifest(readFileSync(join(scratch, out, 'function/coldpress.json'), 'utf8'));
}

/** A project of its own: the example's files, changed. */
function project(name: string, files: Record<string, string>): string {
  const dir = join(scratch, name);
  cpSync(example, dir, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

describe('the example', () => {
  beforeAll(async () => {
    await packExample('layer');
    await packExample('inline', { native: 'inline' });
  }, 60_000);

  test('the manifest says what the function takes and gives, and why each file is there', () => {
    const manifest = readArtifact('layer');
    expect(manifest).toMatchObject({
      name: 'breast-cancer',
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      architecture: 'x64',
      model: { passes: ['zip-map'] },
      engine: { native: 'layer', path: 'coldpress-onnxruntime-1.30.0-x64' },
      layer: { name: 'coldpress-onnxruntime-1-30-0-x64' },
    });
    expect(manifest.signature.outputs).toEqual([
      { name: 'output_label', datatype: 'INT64', shape: ['N'], rowAxis: 0 },
      { name: 'output_probability', datatype: 'FP32', shape: ['N', 2], labels: [0, 1], rowAxis: 0 },
    ]);
    for (const file of [...manifest.files, ...manifest.layer!.files]) {
      expect(file.reason).not.toBe('');
    }
  });

  test.each(['layer', 'inline'])('%s: the manifest lists exactly the files of the folder', out => {
    const onDisk = readdirSync(join(scratch, out, 'function'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(join(scratch, out, 'function').length + 1));
    expect(onDisk.sort()).toEqual(
      [...readArtifact(out).files.map(file => file.path), 'coldpress.json'].sort(),
    );
  });

  test('the archives are as small as promised', () => {
    expect(readFileSync(join(scratch, 'layer/function.zip')).length).toBeLessThan(64_000);
    expect(readFileSync(join(scratch, 'layer/layer.zip')).length).toBeLessThanOrEqual(18_100_000);
  });

  test('notices travel with the function and with the native files', () => {
    expect(readFileSync(join(scratch, 'layer/function/THIRD-PARTY-NOTICES.txt'), 'utf8')).toContain(
      'valibot',
    );
    for (const files of [readArtifact('layer').layer!.files, readArtifact('inline').files]) {
      expect(files.map(file => file.path.split('/').at(-1))).toEqual(
        expect.arrayContaining(['LICENSE', 'ThirdPartyNotices.txt']),
      );
    }
  });

  test('the same input gives the same bytes: in another folder, under another umask, by another Node, without the cache', async () => {
    const before = process.umask(0o077);
    const builtin = process.getBuiltinModule('node:fs');
    // A newer Node's modules export more.
    Object.assign(builtin, { exportedByANewerNode: () => {} });
    const elsewhere = project('elsewhere', {});
    cpSync(join(root, 'node_modules/valibot'), join(elsewhere, 'node_modules/valibot'), { recursive: true });
    try {
      await pack({
        cwd: elsewhere,
        env: { ...env, COLDPRESS_CACHE_DIR: join(scratch, 'cache') },
        arch: 'x64',
        engine: 'onnxruntime',
        out: 'again',
      });
    } finally {
      process.umask(before);
      Reflect.deleteProperty(builtin, 'exportedByANewerNode');
    }
    for (const zip of ['function.zip', 'layer.zip']) {
      expect(
        readFileSync(join(elsewhere, 'again', zip)).equals(readFileSync(join(scratch, 'layer', zip))),
      ).toBe(true);
    }
  }, 60_000);

  // Node's own way of making folders does not end there.
  test.runIf(process.platform === 'linux')('reports a folder that cannot be written', async () => {
    const refused = pack({ cwd: example, env, arch: 'x64', out: '/proc/none/packed' });
    await expect(refused).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  });

  test('an artifact of before is replaced, and nothing is left beside it', async () => {
    await packExample('layer');
    expect(readdirSync(scratch).filter(name => name.startsWith('.layer'))).toEqual([]);
  });

  test('its layer is kept, not copied; one that was touched is made new', async () => {
    const zip = join(scratch, 'layer/layer.zip');
    const before = { inode: statSync(zip).ino, bytes: readFileSync(zip) };
    await packExample('layer');
    expect(statSync(zip).ino).toBe(before.inode);
    writeFileSync(zip, 'damaged');
    await packExample('layer');
    expect(readFileSync(zip).equals(before.bytes)).toBe(true);
    expect(existsSync(join(scratch, 'layer/layer/nodejs'))).toBe(true);
  });
});

describe('bad input is one clear error, and nothing is written', () => {
  const config = (text: string) => ({ 'coldpress.config.ts': `export default ${text};` });
  const cases: [name: string, files: Record<string, string>, code: string, message: RegExp][] = [
    ['not-a-model', { 'model.onnx': 'hello' }, 'MODEL_IS_TEXT', /model\.onnx/],
    ['lfs', { 'model.onnx': 'version https://git-lfs.github.com/spec/v1\n' }, 'MODEL_IS_LFS_POINTER', /LFS/],
    [
      'config-syntax',
      { 'coldpress.config.ts': 'export default {' },
      'CONFIG_SYNTAX',
      /coldpress\.config\.ts/,
    ],
    ['config-key', config("{ model: 'model.onnx', asset: [] }"), 'CONFIG_INVALID', /unknown option "asset"/],
    ['config-type', config('{ model: 7 }'), 'CONFIG_INVALID', /"model" is 7/],
    ['config-empty', config('undefined'), 'CONFIG_INVALID', /exports no config/],
    ['no-model', config('{}'), 'MODEL_UNNAMED', /no model/],
    ['model-missing', config("{ model: 'other.onnx' }"), 'MODEL_NOT_FOUND', /other\.onnx/],
    ['runtime', config("{ model: 'model.onnx', runtime: 'nodejs18.x' }"), 'OPTION_INVALID', /nodejs18\.x/],
    ['score-syntax', { 'score.ts': 'export default {' }, 'SCORE_COMPILE', /score\.ts:1/],
    ['score-import', { 'score.ts': "import 'left-pad';" }, 'SCORE_IMPORT_MISSING', /left-pad/],
    ['score-folder', config("{ model: 'model.onnx', score: '.' }"), 'SCORE_COMPILE', /score is a folder/],
    ...['model.onnx', 'data.csv'].map((file): (typeof cases)[number] => [
      `score-${file}`,
      { 'data.csv': 'a\n1\n', ...config(`{ model: 'model.onnx', score: '${file}' }`) },
      'SCORE_COMPILE',
      /score is not a TypeScript or JavaScript module: .*(model\.onnx|data\.csv)/,
    ]),
    ['score-missing', config("{ model: 'model.onnx', score: 'other.ts' }"), 'SCORE_MISSING', /other\.ts/],
    [
      'asset-missing',
      config("{ model: 'model.onnx', assets: ['vocab.txt'] }"),
      'ASSET_MISSING',
      /vocab\.txt/,
    ],
    ['asset-outside', config("{ model: 'model.onnx', assets: ['../x'] }"), 'ASSET_OUTSIDE', /\.\.\/x/],
  ];

  test.each(cases)('%s', async (name, files, code, message) => {
    const dir = project(name, files);
    await expect(pack({ cwd: dir, env, arch: 'x64', out: 'out' })).rejects.toMatchObject({
      name: 'ColdpressError',
      code,
      message: expect.stringMatching(message),
    });
    expect(readdirSync(dir).filter(entry => entry === 'out' || entry.startsWith('.out'))).toEqual([]);
  });

  test('a model over budget says by how much', async () => {
    const dir = project('over-budget', { ...config("{ model: 'model.onnx', assets: ['big.bin'] }") });
    writeFileSync(join(dir, 'big.bin'), '');
    execFileSync('truncate', ['-s', '230M', join(dir, 'big.bin')]);
    await expect(
      pack({ cwd: dir, env, arch: 'x64', engine: 'onnxruntime', out: 'out' }),
    ).rejects.toMatchObject({
      code: 'OVER_BUDGET',
      message: expect.stringMatching(/more than AWS Lambda accepts \(262,144,000, layers counted\)/),
    });
  });

  test('a folder with files of its own is left alone', async () => {
    mkdirSync(join(scratch, 'mine'));
    writeFileSync(join(scratch, 'mine/thesis.txt'), '');
    await expect(packExample('mine')).rejects.toMatchObject({ code: 'OUTPUT_NOT_EMPTY' });
    expect(readdirSync(join(scratch, 'mine'))).toEqual(['thesis.txt']);
  });

  test('a folder that cannot be written', async () => {
    writeFileSync(join(scratch, 'file'), '');
    await expect(packExample('file/out')).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  });

  // Mounting takes a superuser.
  test.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('a full disk', async () => {
    const disk = join(scratch, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      await expect(packExample('disk/out')).rejects.toMatchObject({ code: 'DISK_FULL' });
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('an aborted pack leaves nothing behind', async () => {
    const controller = new AbortController();
    const packing = packExample('aborted', {
      signal: controller.signal,
      onProgress: step => step.startsWith('writing') && controller.abort(new Error('stop')),
    });
    await expect(packing).rejects.toThrow('stop');
    expect(existsSync(join(scratch, 'aborted'))).toBe(false);
  });
});
