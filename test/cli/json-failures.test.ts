import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../lib/cli/main.ts';
import { folder, root, run } from './coldpress.ts';

const cwd = folder('json-failures');

beforeAll(() => {
  writeFileSync(join(cwd, 'notes.txt'), 'no model');
});

/** Of each command: what fails beyond its usage. */
const failures: Record<string, [args: string, code: string]> = {
  init: ['init missing.onnx', 'MODEL_NOT_FOUND'],
  inspect: ['inspect missing.onnx', 'MODEL_NOT_FOUND'],
  fetch: ['fetch --config missing.ts', 'CONFIG_MISSING'],
  types: ['types missing.onnx', 'MODEL_NOT_FOUND'],
  advise: ['advise missing.onnx', 'MODEL_NOT_FOUND'],
  doctor: ['doctor ./missing/', 'FILE_UNREADABLE'],
  pack: ['pack notes.txt', 'MODEL_IS_TEXT'],
  profile: ['profile missing.csv', 'MODEL_UNNAMED'],
  drift: ['drift missing.jsonl', 'PROFILE_MISSING'],
  image: ['image missing', 'ARTIFACT_NOT_FOUND'],
  executable: ['executable missing', 'ARTIFACT_NOT_FOUND'],
  sign: ['sign missing --key k.pem', 'ARTIFACT_NOT_FOUND'],
  verify: ['verify missing', 'ARTIFACT_NOT_FOUND'],
  compile: ['compile missing.onnx', 'MODEL_NOT_FOUND'],
  invoke: ['invoke missing', 'ARTIFACT_NOT_FOUND'],
  dev: ['dev --memory plenty', 'OPTION_INVALID'],
  serve: ['serve missing', 'ARTIFACT_NOT_FOUND'],
  batch: ['batch missing notes.txt out', 'ARTIFACT_NOT_FOUND'],
  bench: ['bench missing', 'ARTIFACT_NOT_FOUND'],
  deploy: ['deploy missing --project p --region r', 'ARTIFACT_NOT_FOUND'],
  promote: ['promote my-function', 'OPTION_MISSING'],
  rollback: ['rollback f --target moon', 'USAGE'],
};

async function failureOf(args: string) {
  const { code, stdout, stderr } = await run([...args.split(' '), '--json'], { cwd });
  expect(stdout).toMatch(/^\{[^\n]*\}\n$/);
  return { exitCode: code, stderr, error: JSON.parse(stdout).error };
}

describe('a failure with --json is one object, and nothing else', () => {
  test('each command is tried', () => {
    expect(Object.keys(failures).sort()).toEqual(Object.keys(commands).sort());
  });

  test.each(Object.values(failures))('%s: %s', async (args, code) => {
    expect(await failureOf(args)).toMatchObject({
      exitCode: 2,
      stderr: '',
      error: { code, message: expect.any(String), docs: expect.stringMatching(`errors\\.md#${code}$`) },
    });
  });

  test.each(Object.keys(commands))('%s with an unknown flag', async name => {
    const { exitCode, error } = await failureOf(`${name} --no-such-flag`);
    expect([exitCode, error.code]).toEqual([2, 'USAGE']);
  });

  test('an unknown command', async () => {
    expect((await failureOf('inspct')).error).toMatchObject({
      code: 'USAGE',
      hint: expect.stringMatching('inspect'),
    });
  });

  test('a bug of coldpress, with its stack', async () => {
    const copy = folder('json-bug');
    cpSync(join(root, 'bin/coldpress.js'), join(copy, 'bin/coldpress.js'));
    cpSync(join(root, 'package.json'), join(copy, 'package.json'));
    folder('json-bug/lib/cli');
    writeFileSync(join(copy, 'lib/cli/main.ts'), 'export function main() { null.oops; }');
    const { code, stdout, stderr } = await run([join(copy, 'bin/coldpress.js'), 'pack', '--json'], {
      command: process.execPath,
    });
    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'BUG',
      stack: expect.stringMatching('TypeError'),
    });
  });
});
