import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { startLambda } from '../../lib/local/lambda.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, root } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';

const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

/** A project whose score calls `word()` of what it imports. */
function project(name: string, files: Record<string, string>, from = 'words'): string {
  const cwd = folder(name);
  const all = {
    'package.json': '{ "type": "module" }',
    'coldpress.config.mjs': "export default { model: 'model.onnx', score: 'score.ts' };",
    'score.ts': `import { defineScore, tensor } from 'coldpress/runtime';
      import { word } from '${from}';
      export default defineScore({
        encode: records => ({ x: tensor('FP32', [records.length, 2], records.flatMap(() => [1, 2])) }),
        decode: (_, records) => records.map(() => word()),
      });`,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  writeFileSync(join(cwd, 'model.onnx'), doubling());
  return cwd;
}

const packed = (cwd: string, target: 'aws-lambda' | 'gcf' = 'aws-lambda') =>
  pack({
    cwd,
    env: process.env,
    config: 'coldpress.config.mjs',
    out: 'build',
    target,
    arch: target === 'gcf' ? 'x64' : arch,
  });

const read = "readFileSync(join(__dirname, '../data/words.dat'), 'utf8')";
const manifest = (more: object) => JSON.stringify({ name: 'words', version: '1.0.0', ...more });
const data = { 'node_modules/words/data/words.dat': 'hello' };

/** Packages that read a file next to themselves, in the ways that there are. */
const packages: Record<string, Record<string, string>> = {
  __dirname: {
    ...data,
    'node_modules/words/package.json': manifest({ main: 'lib/index.js' }),
    'node_modules/words/lib/index.js': `const { readFileSync } = require('node:fs'); const { join } = require('node:path');
      exports.word = () => ${read};`,
  },
  'new URL': {
    ...data,
    'node_modules/words/package.json': manifest({ type: 'module', exports: './lib/index.js' }),
    'node_modules/words/lib/index.js': `import { readFileSync } from 'node:fs';
      const bytes = readFileSync(new URL('../data/words.dat', import.meta.url), 'utf8');
      export const word = () => bytes;`,
  },
  'require.resolve, of a package in another': {
    ...data,
    'node_modules/words/package.json': manifest({ main: 'lib/index.js' }),
    'node_modules/words/lib/index.js': `const { readFileSync } = require('fs');
      exports.word = () => readFileSync(require.resolve('words/data/words.dat'), 'utf8');`,
    'node_modules/outer/package.json':
      '{ "name": "outer", "version": "1.0.0", "dependencies": { "words": "1" } }',
    'node_modules/outer/index.js': "exports.word = () => require('words').word();",
  },
};

test.each(Object.entries(packages))('a package with %s runs, with its files', async (name, files) => {
  const from = 'node_modules/outer/index.js' in files ? 'outer' : 'words';
  const cwd = project(name.replaceAll(/\W+/g, '-'), files, from);
  const { manifest } = await packed(cwd);
  expect(manifest.files.map(({ path }) => path)).toContain('node_modules/words/data/words.dat');
  const lambda = await startLambda(join(cwd, 'build'), { host: hostOf(process) });
  try {
    const { payload } = await lambda.invoke(Buffer.from('{}'));
    expect(JSON.parse(payload.toString())).toBe('hello');
  } finally {
    await lambda.close();
  }
});

test('one that only mentions it stays in the bundle', async () => {
  const cwd = project('mentions', {
    'node_modules/words/package.json': manifest({ main: 'index.js' }),
    'node_modules/words/index.js': `// Not __dirname.
      exports.word = () => { const __dirname = 'import.meta.url'; return __dirname; };`,
  });
  const { manifest: made } = await packed(cwd);
  expect(made.files.filter(({ path }) => path.startsWith('node_modules'))).toEqual([]);
});

test('where packages cannot travel, one with data is refused by its file', async () => {
  const cwd = project('google', packages.__dirname!);
  await expect(packed(cwd, 'gcf')).rejects.toMatchObject({
    code: 'NATIVE_PACKAGE_TARGET',
    message: expect.stringContaining(join('words', 'lib', 'index.js')),
  });
});

test.each(['__dirname', 'import.meta.dirname', "new URL('words.dat', import.meta.url)"])(
  'a score with %s is refused',
  async expression => {
    const cwd = project(
      'own',
      { 'words.ts': `export const word = () => String(${expression});` },
      './words.ts',
    );
    await expect(packed(cwd)).rejects.toMatchObject({ code: 'SCORE_LOCATION' });
  },
);

test('peers are looked for from the config’s folder first', async () => {
  const cwd = project(
    'peers',
    {
      'words.ts': "export const word = () => 'hello';",
      'node_modules/hyparquet/package.json':
        '{ "name": "hyparquet", "version": "9.9.9", "main": "index.js" }',
      'node_modules/hyparquet/index.js':
        'exports.parquetMetadataAsync = exports.parquetRead = exports.parquetReadObjects = exports.parquetMetadata = exports.parquetSchema = exports.asyncBufferFromUrl = exports.readColumnIndex = exports.parquetQuery = () => "of the project";',
      'coldpress.config.mjs': `export default { model: 'model.onnx', score: 'score.ts', arch: '${arch}',
      events: { objects: { store: 's3', format: 'parquet' } } };`,
    },
    './words.ts',
  );
  symlinkSync(join(root, 'node_modules/@aws-sdk'), join(cwd, 'node_modules/@aws-sdk'));
  const { inputs } = await pack({ cwd, env: process.env, config: 'coldpress.config.mjs' });
  expect(inputs.filter(path => path.includes('hyparquet'))).toEqual([
    expect.stringContaining(join(cwd, 'node_modules/hyparquet')),
  ]);
});
