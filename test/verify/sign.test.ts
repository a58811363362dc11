import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SIGNATURE_FILE } from '../../lib/contract/files.ts';
import { compareSigned } from '../../lib/verify/artifact-signature.ts';
import { signArtifact } from '../../lib/verify/sign.ts';
import { run } from '../cli/coldpress.ts';
import { tinyArtifact } from '../local/tiny-artifact.ts';
import { writeKeys } from './keys.ts';
import { type LocalSigstore, startSigstore } from './sigstore.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-sign-'));
let signed: string;

const own = writeKeys(scratch, 'own');
const other = writeKeys(scratch, 'other');

let sigstore: LocalSigstore;

const requiring = (path: string) => ({ signer: { kind: 'key' as const, path }, now: new Date() });

beforeAll(async () => {
  sigstore = await startSigstore(scratch);
  signed = await tinyArtifact('export const handler = 1;');
  await signArtifact(signed, { key: own.secret });
});

afterAll(() => {
  sigstore.close();
  rmSync(scratch, { recursive: true, force: true });
});

test('what was signed is unchanged', async () => {
  expect(await compareSigned(signed, requiring(own.open))).toEqual([]);
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
      await signArtifact(foreign, { key: own.secret });
      cpSync(join(foreign, SIGNATURE_FILE), join(dir, SIGNATURE_FILE));
    },
    own.open,
    'SIGNATURE_OTHER',
  ],
])('%s is refused', async (name, change, key, refusal) => {
  const dir = join(scratch, name);
  cpSync(signed, dir, { recursive: true });
  await change(dir);
  await expect(compareSigned(dir, requiring(key))).rejects.toMatchObject({ code: refusal });
});

test.each(['function/index.mjs', 'function/coldpress.json'])('a changed %s is found', async path => {
  const dir = join(scratch, path.replace('/', '-'));
  cpSync(signed, dir, { recursive: true });
  appendFileSync(join(dir, path), ' ');
  expect(await compareSigned(dir, requiring(own.open))).toMatchObject([{ kind: 'changed', path }]);
});

test('a signature of an earlier version of the artifact is found', async () => {
  const dir = await tinyArtifact('export const handler = 3;');
  cpSync(join(signed, SIGNATURE_FILE), join(dir, SIGNATURE_FILE));
  expect(await compareSigned(dir, requiring(own.open))).toMatchObject([
    { kind: 'changed', path: 'function/index.mjs' },
  ]);
});

test('the commands', async () => {
  const source = 'export const handler = 4;';
  const dir = await tinyArtifact(source);
  const path = join(dir, 'function/coldpress.json');
  const sha256 = createHash('sha256').update(source).digest('hex');
  const files = [{ path: 'index.mjs', sizeBytes: source.length, sha256, reason: '' }];
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), files }));
  expect((await run(['sign', dir, '--key', own.secret])).code).toBe(0);
  expect((await run(['verify', dir, '--key', other.open])).code).toBe(2);
  const right = await run(['verify', dir, '--key', own.open]);
  expect(right).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/signed by the owner of .*own\.pub\.pem/),
  });
  expect(right.stdout).not.toContain('not checked');
  const anyone = await run(['verify', dir]);
  expect(anyone).toMatchObject({ code: 0, stdout: expect.stringContaining('signature was not checked') });
  appendFileSync(join(dir, 'function/index.mjs'), ' ');
  const changed = await run(['verify', dir, '--key', own.open, '--json']);
  expect(changed.code).toBe(3);
  expect(JSON.parse(changed.stdout).differences).toMatchObject([
    { kind: 'changed', path: 'function/index.mjs' },
  ]);
  const file = await run(['verify', join(dir, 'function/index.mjs'), '--key', own.open]);
  expect(file).toMatchObject({ code: 2, stderr: expect.stringContaining('OPTION_CONFLICT') });
  const image = await run(['verify', 'ghcr.io/team/churn:1', '--key', own.open]);
  expect(image).toMatchObject({ code: 2, stderr: expect.stringContaining('OPTION_CONFLICT') });
});

describe('by the identity of a CI job', () => {
  const identity = 'https://github.com/me/churn/.github/workflows/pack.yml@refs/heads/main';
  const issuer = 'https://token.actions.githubusercontent.com';
  let dir: string;

  const sign = (env: Record<string, string>, url = sigstore.fulcioUrl) =>
    run(['sign', dir, '--fulcio-url', url, '--rekor-url', sigstore.rekorUrl], {
      env: {
        SIGSTORE_ID_TOKEN: '',
        ACTIONS_ID_TOKEN_REQUEST_URL: '',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: '',
        ...env,
      },
    });
  const verify = (flags: Record<string, string>) =>
    run(['verify', dir, '--trusted-root', sigstore.trustedRoot, ...Object.entries(flags).flat()]);

  beforeAll(async () => {
    const source = 'export const handler = 5;';
    dir = await tinyArtifact(source);
    const path = join(dir, 'function/coldpress.json');
    const sha256 = createHash('sha256').update(source).digest('hex');
    const files = [{ path: 'index.mjs', sizeBytes: source.length, sha256, reason: 'the handler' }];
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), files }));
  });

  test('without a token it says where one comes from', async () => {
    expect(await sign({})).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^IDENTITY_TOKEN_MISSING/),
    });
  });

  test('an authority that does not answer leaves nothing', async () => {
    const token = sigstore.token(identity, issuer);
    const ended = await sign({ SIGSTORE_ID_TOKEN: token }, 'http://127.0.0.1:9');
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/^SIGNING_FAILED/) });
    expect(existsSync(join(dir, SIGNATURE_FILE))).toBe(false);
  }, 60_000);

  test('the token of GitHub Actions signs, and verify requires its identity', async () => {
    const actions = createServer((request, response) => {
      const isAllowed =
        request.headers.authorization === 'Bearer secret' && request.url === '/?audience=sigstore';
      response.writeHead(isAllowed ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ value: sigstore.token(identity, issuer) }));
    });
    actions.listen(0, '127.0.0.1');
    await once(actions, 'listening');
    const url = `http://127.0.0.1:${(actions.address() as AddressInfo).port}/`;
    const ended = await sign({ ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret' });
    actions.close();
    expect(ended).toMatchObject({ code: 0 });
    expect(await verify({ '--identity': identity, '--issuer': issuer })).toMatchObject({ code: 0 });
    expect(await verify({ '--identity': 'someone@example.org', '--issuer': issuer })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^SIGNATURE_IDENTITY/),
    });
    expect(await verify({ '--identity': identity })).toMatchObject({ code: 2 });
  });
});
