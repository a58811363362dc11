import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commands } from '../../lib/cli/main.ts';
import { diagnosePasted } from '../../lib/doctor/diagnose.ts';
import { diagnoseText } from '../../lib/doctor/diagnose-text.ts';
import { pains } from '../../lib/doctor/pains/index.ts';
import { texts } from './texts.ts';

const root = new URL('../../', import.meta.url);

const ids = (text: string) => diagnoseText(text).map(({ id }) => id);

describe('every pain is recognised', () => {
  test.each(texts)('%s: %s', (id, text) => {
    expect(ids(text)).toContain(id);
  });

  test('none is without a text', () => {
    expect(pains.map(({ id }) => id).filter(id => !texts.some(([known]) => known === id))).toEqual([]);
  });

  test.each(texts)('%s, in a line of JSON as logs have it: %s', (id, text) => {
    const line = JSON.stringify({ timestamp: '2026-11-01T00:00:00Z', level: 'ERROR', message: text });
    expect(ids(line)).toContain(id);
  });

  test.each(texts)('%s, in the middle of a log: %s', (id, text) => {
    const log = `START RequestId: 6b2c Version: $LATEST\n${text}\nEND RequestId: 6b2c\n`;
    expect(ids(log)).toContain(id);
  });
});

const harmless = [
  'something went wrong',
  'TypeError: Cannot read properties of undefined (reading "length")',
  'START RequestId: 6b2c Version: $LATEST\nEND RequestId: 6b2c\nREPORT RequestId: 6b2c\tDuration: 12.22 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 101 MB\tInit Duration: 387.10 ms',
  'added 1 package, and audited 2 packages in 3s',
  'See https://www.npmjs.com/package/onnxruntime-node for the binding',
  'ERROR: it is broken',
  'npm error 404 Not Found - GET https://registry.example/onnxruntime-nodee',
  'npm error ERESOLVE could not resolve\nnpm error While resolving: onnxruntime-node@1.20.0',
  '{"message":"Forbidden"}',
  'DATA: 5 rows\nSIZE: 12\nSOME_OTHER_CODE: of something else',
  '',
];

test.each(harmless)('nothing is found in: %s', text => {
  expect(diagnosePasted(text).findings).toEqual([]);
});

test('a package that is too large is not taken for a request', () => {
  const refusal = 'Request must be smaller than 70167211 bytes for the UpdateFunctionCode operation';
  expect(ids(`RequestEntityTooLargeException: ${refusal}`)).toEqual(['package-too-large']);
});

test.each(['OVER_BUDGET', 'MODEL_TRUNCATED', 'USAGE'])('the own code %s leads to its page', code => {
  const [finding] = diagnoseText(`${code}: what failed\n  a hint\n`);
  expect(finding).toMatchObject({ id: code, link: `docs/errors.md#${code}` });
  expect(finding!.cause.length).toBeGreaterThan(10);
  expect(finding!.fix.length).toBeGreaterThan(10);
});

test('a code is found alone, and behind the path of a construct', () => {
  expect(ids('OVER_BUDGET')).toEqual(['OVER_BUDGET']);
  expect(ids('MyStack/Churn: ARTIFACT_ARCHITECTURE: build was packed for arm64')).toEqual([
    'ARTIFACT_ARCHITECTURE',
  ]);
});

test('a code is found in an error that an app did not catch', () => {
  for (const printed of [
    '[ColdpressError: Shop/Churn: SAMPLES_DIFFER: 1 row]',
    'ColdpressError: SAMPLES_DIFFER: 1',
  ]) {
    expect(ids(printed)).toEqual(['SAMPLES_DIFFER']);
  }
});

test('an answer of a function has its code found, too', () => {
  expect(ids('{"error":{"code":"RANK","message":"x has 1 dimension"}}')).toEqual(['RANK']);
});

test('every code that is documented can be explained', () => {
  const page = readFileSync(new URL('docs/errors.md', root), 'utf8');
  const codes = [...page.matchAll(/<a id="(\w+)">/g)].map(([, code]) => code!);
  expect(codes.length).toBeGreaterThan(100);
  const unknown = codes.filter(
    code => !ids(JSON.stringify({ error: { code, message: 'x' } })).includes(code),
  );
  expect(unknown).toEqual([]);
});

describe('every advice can be followed', () => {
  const own = pains.filter(({ command }) => command?.includes('npx coldpress '));

  test.each(own.map(({ id, command }) => [id, command!] as const))('%s: %s', async (_, command) => {
    for (const part of command.split('&&')) {
      const [name = '', ...args] = part.trim().replace('npx coldpress ', '').split(' ');
      expect(Object.keys(commands)).toContain(name);
      const flags = (await commands[name]!()).options.map(({ long }) => long);
      expect(flags).toEqual(expect.arrayContaining(args.filter(arg => arg.startsWith('--'))));
    }
  });

  test.each(pains.map(({ id, link }) => [id, link] as const))('%s: %s', (_, link) => {
    const [file = '', anchor] = link.split('#');
    if (!link.startsWith('https://')) {
      expect(existsSync(new URL(file, root))).toBe(true);
      const page = readFileSync(new URL(file, root), 'utf8').toLowerCase();
      expect(
        anchor === undefined || page.includes(`id="${anchor.toLowerCase()}"`) || page.includes(`# ${anchor}`),
      ).toBe(true);
    }
  });

  test('the command line is there', async () => {
    expect(await commands.doctor!()).toBeInstanceOf(Command);
  });
});
