import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPrivateKey, readPublicKey } from '../../lib/verify/keys.ts';
import { readAuthorities, readTrustedRoot } from '../../lib/verify/trust.ts';
import { exported, makeCertificate } from './certificates.ts';

/** Files of keys and certificates that users name by mistake. */

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-keys-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const hour = 3_600_000;
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }) as string;
const pkcs8 = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const smallRsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
const x25519 = generateKeyPairSync('x25519');
const encrypt = { cipher: 'aes-256-cbc', passphrase: 'secret' };

const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
const openssh = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n';

let certificate: string;
let authority: string;
let expiredAuthority: string;

beforeAll(async () => {
  const issuer = await makeCertificate('authority', { isAuthority: true });
  authority = exported(issuer).pem;
  certificate = exported(await makeCertificate('me', { issuer })).pem;
  const validity = { from: new Date(Date.now() - 2 * hour), to: new Date(Date.now() - hour) };
  expiredAuthority = exported(await makeCertificate('old', { isAuthority: true, validity })).pem;
});

function file(text: string): string {
  const path = join(scratch, 'it.pem');
  writeFileSync(path, text);
  return path;
}

/** What a reader makes of a text: nothing wrong, or the error's code and words. */
function outcome(read: () => unknown): string {
  try {
    read();
    return 'accepted';
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: string };
    expect(`${message}${hint}`).not.toContain('\n');
    return `${code}: ${message} (${hint})`;
  }
}

describe('a public key', () => {
  test.each<[string, () => string, RegExp]>([
    ['P-256', () => spki(p256.publicKey), /accepted/],
    ['Ed25519', () => spki(ed25519.publicKey), /accepted/],
    ['RSA', () => spki(rsa.publicKey), /accepted/],
    ['RSA in PKCS#1', () => rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }) as string, /accepted/],
    ['text around the block', () => `mine\n\n${spki(p256.publicKey)}\n`, /accepted/],
    [
      'a private key',
      () => pkcs8(p256.privateKey),
      /KEY_INVALID: .* private key.*openssl pkey -in .* -pubout/,
    ],
    [
      'a private key of EC',
      () => p256.privateKey.export({ type: 'sec1', format: 'pem' }) as string,
      /-pubout/,
    ],
    [
      'an encrypted private key',
      () => p256.privateKey.export({ type: 'pkcs8', format: 'pem', ...encrypt }) as string,
      /private key.*-pubout/,
    ],
    [
      'both keys',
      () => pkcs8(p256.privateKey) + spki(p256.publicKey),
      /several blocks \(PRIVATE KEY, PUBLIC KEY\)/,
    ],
    ['two keys', () => spki(p256.publicKey) + spki(ed25519.publicKey), /several blocks/],
    ['a certificate', () => certificate, /a certificate.*openssl x509 -in .* -pubkey/],
    ['a small key of RSA', () => spki(smallRsa.publicKey), /1024 bits/],
    ['another curve', () => spki(curve.publicKey), /secp256k1/],
    ['a key that cannot sign', () => spki(x25519.publicKey), /x25519/],
    ['a key of SSH', () => 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@host', /key of SSH/],
    ['nothing', () => ' \n', /is empty/],
    ['other text', () => '{"kty":"EC"}', /no key in PEM/],
    ['a cut key', () => spki(p256.publicKey).slice(0, 80), /no key in PEM/],
    ['a damaged key', () => spki(p256.publicKey).replace(/\n[A-Z0-9+/]+/i, '\nAAAA'), /damaged public key/],
  ])('%s', (_, text, expected) => {
    expect(outcome(() => readPublicKey(file(text())))).toMatch(expected);
  });

  test('a file that is missing, a folder', () => {
    expect(outcome(() => readPublicKey(join(scratch, 'missing.pem')))).toMatch(
      /KEY_INVALID: .* cannot be read: ENOENT/,
    );
    expect(outcome(() => readPublicKey(scratch))).toMatch(/KEY_INVALID: .* is a folder/);
  });
});

describe('a private key', () => {
  test.each<[string, () => string, RegExp]>([
    ['P-256', () => pkcs8(p256.privateKey), /accepted/],
    [
      'with the parameters that openssl writes first',
      () => parameters + (p256.privateKey.export({ type: 'sec1', format: 'pem' }) as string),
      /accepted/,
    ],
    ['a public key', () => spki(p256.publicKey), /a public key.*the private key of the pair/],
    ['a certificate', () => certificate, /a certificate/],
    [
      'an encrypted key',
      () => p256.privateKey.export({ type: 'pkcs8', format: 'pem', ...encrypt }) as string,
      /an encrypted private key.*openssl pkey/,
    ],
    [
      'an encrypted key of EC, as older programs write it',
      () => p256.privateKey.export({ type: 'sec1', format: 'pem', ...encrypt }) as string,
      /an encrypted private key/,
    ],
    ['a key of SSH', () => openssh, /a key of SSH/],
    ['a small key of RSA', () => pkcs8(smallRsa.privateKey), /1024 bits/],
  ])('%s', (_, text, expected) => {
    expect(outcome(() => readPrivateKey(file(text())))).toMatch(expected);
  });
});

describe('authorities', () => {
  const read = (text: string) => outcome(() => readAuthorities(file(text), [], new Date()));

  test.each<[string, () => string, RegExp]>([
    ['an authority', () => authority, /accepted/],
    ['several certificates', () => authority + certificate, /accepted/],
    ['one that expired, and its successor', () => expiredAuthority + authority, /accepted/],
    ['one that expired', () => expiredAuthority, /CERTIFICATE_EXPIRED/],
    ['the certificate of the signer', () => certificate, /TRUST_INVALID: .*no certificate of an authority/],
    ['a public key', () => spki(p256.publicKey), /a public key, not a certificate/],
    ['a trusted root of sigstore', () => '{"mediaType":"x"}', /no certificate in PEM/],
    ['nothing', () => '', /is empty/],
    ['a damaged one', () => authority.replace(/\n[A-Z0-9+/]+/i, '\nAAAA'), /damaged certificate/],
  ])('%s', (_, text, expected) => {
    expect(read(text())).toMatch(expected);
  });
});

test.each<[string, () => string, RegExp]>([
  ['certificates in PEM', () => authority, /TRUST_INVALID: .* PEM/],
  ['nothing', () => '', /is empty/],
  ['other JSON', () => '{}', /no certificate authority/],
  ['no JSON', () => 'no', /not a trusted root/],
])('a trusted root that is %s', (_, text, expected) => {
  expect(outcome(() => readTrustedRoot(file(text())))).toMatch(expected);
});
