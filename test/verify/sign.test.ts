import { generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareSigned, SIGNATURE_FILE, signArtifact } from '../../lib/verify/sign.ts';
import { run } from '../cli/coldpress.ts';
import { tinyArtifact } from '../local/tiny-artifact.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-sign-'));
let signed: string;

function writeKeys(name: string): { secret: string; open: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [secret, open] = [join(scratch, `${name}.pem`), join(scratch, `${name}.pub.pem`)];
  writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }));
  return { secret, open };
}

const own = writeKeys('own');
const other = writeKeys('other');

beforeAll(async () => {
  signed = await tinyArtifact('export const handler = 1;');
  await signArtifact(signed, own.secret);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('what was signed is unchanged', async () => {
  expect(await compareSigned(signed, own.open)).toEqual([]);
});

/** The bundle with a part of its envelope changed. */
function changeEnvelope(dir: string, change: (envelope: { payload: string }) => void): void {
  const path = join(dir, SIGNATURE_FILE);
  const bundle = JSON.parse(readFileSync(path, 'utf8'));
  change(bundle.dsseEnvelope);
  writeFileSync(path, JSON.stringify(bundle));
}

test.each<[name: string, change: (dir: string) => void | Promise<void>, key: string, refusal: string]>([
  ['no signature', dir => unlinkSync(join(dir, SIGNATURE_FILE)), own.open, 'SIGNATURE_MISSING'],
  ['another key', () => {}, other.open, 'SIGNATURE_KEY'],
  ['a key that is none', () => {}, join(scratch, 'none.pem'), 'KEY_INVALID'],
  [
    'a statement that was changed',
    dir =>
      changeEnvelope(dir, envelope => {
        const text = Buffer.from(envelope.payload, 'base64').toString().replace('tiny', 'tony');
        envelope.payload = Buffer.from(text).toString('base64');
      }),
    own.open,
    'SIGNATURE_INVALID',
  ],
  [
    'a bundle that is none',
    dir => writeFileSync(join(dir, SIGNATURE_FILE), '{}'),
    own.open,
    'SIGNATURE_INVALID',
  ],
  [
    'a signature of another artifact',
    async dir => {
      const foreign = await tinyArtifact('export const handler = 2;', { name: 'foreign' });
      await signArtifact(foreign, own.secret);
      cpSync(join(foreign, SIGNATURE_FILE), join(dir, SIGNATURE_FILE));
    },
    own.open,
    'SIGNATURE_INVALID',
  ],
])('%s is refused', async (name, change, key, refusal) => {
  const dir = join(scratch, name);
  cpSync(signed, dir, { recursive: true });
  await change(dir);
  await expect(compareSigned(dir, key)).rejects.toMatchObject({ code: refusal });
});

test.each(['function/index.mjs', 'function/coldpress.json'])('a changed %s is found', async path => {
  const dir = join(scratch, path.replace('/', '-'));
  cpSync(signed, dir, { recursive: true });
  appendFileSync(join(dir, path), ' ');
  expect(await compareSigned(dir, own.open)).toMatchObject([{ kind: 'changed', path: `signed/${path}` }]);
});

test('a signature of an earlier version of the artifact is found', async () => {
  const dir = await tinyArtifact('export const handler = 3;');
  cpSync(join(signed, SIGNATURE_FILE), join(dir, SIGNATURE_FILE));
  expect(await compareSigned(dir, own.open)).toMatchObject([
    { kind: 'changed', path: 'signed/function/index.mjs' },
  ]);
});

test('the commands', async () => {
  const dir = await tinyArtifact('export const handler = 4;');
  expect((await run(['sign', dir, '--key', own.secret])).code).toBe(0);
  expect((await run(['verify', dir, '--key', other.open])).code).toBe(2);
});
