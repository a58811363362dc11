import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { MANIFEST_FILE, type Manifest } from '../../lib/contract/manifest.ts';
import { diagnose } from '../../lib/doctor/diagnose.ts';
import { pack } from '../../lib/pack/pack.ts';
import { run } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';
import { cwd, found, today } from './subject.ts';

const packed = join(cwd, 'packed');

beforeAll(async () => {
  writeFileSync(join(cwd, 'model.onnx'), doubling());
  await pack({
    cwd,
    env: process.env,
    model: 'model.onnx',
    arch: 'x64',
    engine: 'onnxruntime',
    out: 'packed',
  });
});

describe('an artifact', () => {
  const copy = (name: string) => {
    cpSync(packed, join(cwd, name), { recursive: true });
    return join(cwd, name);
  };
  const edit = (dir: string, change: (manifest: Manifest) => void) => {
    const path = join(dir, 'function', MANIFEST_FILE);
    const manifest: Manifest = JSON.parse(readFileSync(path, 'utf8'));
    change(manifest);
    writeFileSync(path, JSON.stringify(manifest));
  };

  test('as it was packed has nothing, by its folder and by that of its function', async () => {
    expect(await diagnose('packed', { cwd, today })).toMatchObject({ looked: 'artifact', findings: [] });
    expect(await found('packed/function')).toEqual([]);
  });

  test('is checked where its archive is named', async () => {
    expect(await diagnose('packed/function.zip', { cwd, today })).toMatchObject({
      looked: 'artifact',
      findings: [],
    });
  });

  const cases: [what: string, id: string, change: (dir: string) => void][] = [
    ['other versions', 'version-drift', dir => edit(dir, m => (m.versions.onnxruntime = '1.20.0'))],
    [
      'a file that was edited',
      'changed-after-packing',
      dir => appendFileSync(join(dir, 'function/index.mjs'), '//'),
    ],
    [
      'a file that is gone',
      'changed-after-packing',
      dir => rmSync(join(dir, 'function/model'), { recursive: true }),
    ],
    [
      'no layer',
      'stale-layer',
      dir => ['layer', 'layer.zip'].map(name => rmSync(join(dir, name), { recursive: true })),
    ],
    ['another CPU', 'wrong-architecture', dir => edit(dir, m => (m.architecture = 'arm64'))],
    ['a runtime that is over', 'deprecated-runtime', dir => edit(dir, m => (m.runtime = 'nodejs18.x'))],
    ['too many threads', 'threads', dir => edit(dir, m => (m.model.session.intraOpNumThreads = 64))],
    ['too many bytes', 'package-too-large', dir => edit(dir, m => (m.files[0]!.sizeBytes = 3e8))],
    ['half a manifest', 'ARTIFACT_INVALID', dir => writeFileSync(join(dir, 'function', MANIFEST_FILE), '{')],
    ['no manifest', 'ARTIFACT_NOT_FOUND', dir => rmSync(join(dir, 'function', MANIFEST_FILE))],
  ];

  test.each(cases)('with %s: %s', async (what, id, change) => {
    const dir = copy(what.replaceAll(' ', '-'));
    change(dir);
    expect(await found(dir)).toContain(id);
  });

  test('in a folder with spaces: its command can be pasted', async () => {
    const dir = copy('with spaces');
    appendFileSync(join(dir, 'function/index.mjs'), '//');
    const { findings } = await diagnose(dir, { cwd, today });
    expect(findings.map(({ command }) => command)).toContain(`npx coldpress pack --out "${dir}"`);
  });

  test('warns before a runtime reaches its end of support', async () => {
    expect(await found('packed', new Date('2028-03-01'))).toEqual(['runtime-ends-soon']);
    expect(await found('packed', new Date('2028-05-01'))).toEqual(['deprecated-runtime']);
  });
});

describe('a model', () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
  const cases: [string, string | Buffer, string[]][] = [
    ['fine.onnx', doubling(), []],
    ['half.onnx', doubling().subarray(0, 40), ['MODEL_TRUNCATED']],
    ['pointer.onnx', pointer, ['MODEL_IS_LFS_POINTER']],
    ['page.onnx', '<!doctype html><html></html>', ['MODEL_IS_HTML']],
  ];

  test.each(cases)('%s', async (name, content, ids) => {
    writeFileSync(join(cwd, name), content);
    expect(await found(name)).toEqual(ids);
  });
});

describe('the command', () => {
  test('names cause, fix and command of a pasted error, and ends with 3', async () => {
    const { code, stdout } = await run(['doctor', 'Error:', 'Non tensor type is temporarily not supported.']);
    expect(stdout).toMatch(/^zip-map$/m);
    expect(stdout).toContain('npx coldpress pack MODEL --out build');
    expect(code).toBe(3);
  });

  test('reads an excerpt of a log from stdin', async () => {
    const stdin = '{"textPayload":"Memory limit of 512 MiB exceeded with 530 MiB used."}\n';
    const { code, stdout } = await run(['doctor', '-', '--json'], { stdin });
    expect(JSON.parse(stdout).findings.map(({ id }: { id: string }) => id)).toEqual(['out-of-memory']);
    expect(code).toBe(3);
  });

  test('says of unknown text that it is unknown, and ends with 0', async () => {
    const { code, stdout } = await run(['doctor', 'something went wrong']);
    expect(stdout).toMatch(/^Nothing that coldpress knows/);
    expect(code).toBe(0);
  });

  test('ends with 0 for an artifact in order', async () => {
    expect(await run(['doctor', packed])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/no problems found/),
    });
  });

  test('lists what was not checked', async () => {
    mkdirSync(join(cwd, 'empty'), { recursive: true });
    const { code, stdout } = await run(['doctor', 'empty'], { cwd });
    expect(stdout).toMatch(/no problems found\n\nnot checked\n {2}\.: /);
    expect(code).toBe(0);
  });

  test.each([
    ['score.ts', /score\.ts: its code; npx coldpress pack/],
    ['rows.csv', /rows\.csv: its rows; npx coldpress pack --samples/],
  ])('says of %s what it was not checked for', async (name, says) => {
    writeFileSync(join(cwd, name), 'x\n1\n');
    const { code, stdout } = await run(['doctor', name], { cwd });
    expect(stdout).toMatch(says);
    expect(code).toBe(0);
  });

  test('reports an empty input', async () => {
    expect(await run(['doctor', '-'], { stdin: '' })).toMatchObject({
      code: 0,
      stdout: 'The input is empty.\n',
    });
  });

  test('reads what PowerShell writes, and shows nothing that a terminal would obey', async () => {
    const log = '\u001b[31mError:\u001b[0m Protobuf \u001b[1mparsing failed\u0007\r\n';
    writeFileSync(join(cwd, 'utf16.log'), Buffer.from(`\uFEFF${log}`, 'utf16le'));
    const { stdout } = await run(['doctor', 'utf16.log'], { cwd });
    expect(stdout).toContain('seen   Error: Protobuf parsing failed\n');
  });

  test.each(['bytes.log', '-'])('refuses what is no text: %s', async subject => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 37) % 256));
    writeFileSync(join(cwd, 'bytes.log'), bytes);
    const { code, stderr, stdout } = await run(['doctor', subject], {
      cwd,
      stdin: bytes.toString('latin1').slice(0, 3000),
    });
    expect(stderr).toMatch(/^FILE_UNREADABLE: \S+ is not a text file/);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('goes through 5 MB of a log', async () => {
    const line =
      'REPORT RequestId: 6b2c\tDuration: 12.22 ms\tMemory Size: 512 MB\tInit Duration: 387.10 ms\n';
    const stdin = `${line.repeat(5e6 / line.length)}Error: Non tensor type is temporarily not supported.\n`;
    const { stdout } = await run(['doctor', '-', '--json'], { stdin });
    expect(JSON.parse(stdout).findings).toMatchObject([{ id: 'zip-map' }]);
  });

  test.each(['./nothing/here.onnx', 'buidl'])('refuses a path where nothing is: %s', async path => {
    const { code, stderr } = await run(['doctor', path], { cwd });
    expect(stderr.startsWith(`FILE_UNREADABLE: file or folder not found: ${path}`)).toBe(true);
    expect(code).toBe(2);
  });

  test.each([
    ['SCORE_FAILD', /Did you mean SCORE_FAILED\?/],
    ['MODEL_NOTFOUND', /Did you mean MODEL_NOT_FOUND\?/],
    ['models.zip', /is an archive, not a model/],
  ])('%s: says what was probably meant', async (subject, said) => {
    writeFileSync(join(cwd, 'models.zip'), 'PK\u0003\u0004\0\0');
    const { code, stderr } = await run(['doctor', subject], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
  });
});
