import { createHash, type KeyObject, sign } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack } from '../../lib/pack/pack.ts';
import { memoryContents } from '../../lib/verify/contents.ts';
import { hashFor, hintOf, readPrivateKey, readPublicKey } from '../../lib/verify/keys.ts';
import {
  type ModelFiles,
  type ModelSignature,
  verifyModelSignature,
} from '../../lib/verify/model-signature.ts';
import type { RequiredSigner } from '../../lib/verify/required-signer.ts';
import { signKeyless } from '../../lib/verify/sign-keyless.ts';
import { makeStatement, payloadType } from '../../lib/verify/statement.ts';
import { root } from '../cli/coldpress.ts';
import { type Certified, exported, makeCertificate } from './certificates.ts';
import { writeKeys } from './keys.ts';
import { type LocalSigstore, startSigstore } from './sigstore.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-model-signature-'));
const hour = 3_600_000;
const past = { from: new Date(Date.now() - 10 * hour), to: new Date(Date.now() - 9 * hour) };
const workflow = 'https://github.com/me/churn/.github/workflows/train.yml@refs/heads/main';
const issuer = 'https://token.actions.githubusercontent.com';

/** A folder with a model in two files. */
const modelFiles = {
  'onnx/model.onnx': Buffer.from('graph'),
  'onnx/weights/data.bin': Buffer.from('weights'),
};
const model: ModelFiles = {
  path: join(scratch, 'model.onnx'),
  sha256: sha256(modelFiles['onnx/model.onnx']),
  external: { 'weights/data.bin': sha256(modelFiles['onnx/weights/data.bin']) },
};

const own = writeKeys(scratch, 'own');
const other = writeKeys(scratch, 'other');
const large = writeKeys(scratch, 'large', 'P-384');

let sigstore: LocalSigstore;
let lateSigstore: LocalSigstore;
let foreignSigstore: LocalSigstore;
let authority: Certified;
let intermediate: Certified;

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function statement(
  files: Record<string, Uint8Array> = modelFiles,
  name = 'churn',
): Promise<Buffer<ArrayBuffer>> {
  return Buffer.from(await makeStatement(name, memoryContents(files, name)));
}

function envelope(
  payload: Buffer<ArrayBuffer>,
  privateKey: KeyObject,
  publicKey: KeyObject,
  keyHint?: string,
) {
  const signature = sign(hashFor(publicKey), dsse.preAuthEncoding(payloadType, payload), privateKey);
  return {
    artifact: payload,
    artifactType: payloadType,
    signature,
    ...(keyHint !== undefined && { keyHint }),
  };
}

/** As the tool of OpenSSF signs with a key. */
function signByKey(payload: Buffer<ArrayBuffer>, { secret, open }: { secret: string; open: string }): object {
  const publicKey = readPublicKey(open);
  return bundleToJSON(
    toDSSEBundle(envelope(payload, readPrivateKey(secret), publicKey, hintOf(publicKey))),
  ) as object;
}

/** As the tool of OpenSSF signs with a certificate: a chain, in a bundle that says it is of 0.3. */
async function signByCertificate(
  payload: Buffer<ArrayBuffer>,
  leaf: Certified,
  chain: Certified[] = [],
): Promise<object> {
  const { privateKey, der } = exported(leaf);
  const { mediaType, dsseEnvelope, verificationMaterial } = bundleToJSON(
    toDSSEBundle({ ...envelope(payload, privateKey, privateKey), certificate: der }),
  ) as unknown as Record<string, object>;
  const { certificate: _, ...material } = verificationMaterial as { certificate?: object };
  const certificates = [leaf, ...chain].map(one => ({ rawBytes: exported(one).der.toString('base64') }));
  return {
    mediaType,
    dsseEnvelope,
    verificationMaterial: { ...material, x509CertificateChain: { certificates } },
  };
}

async function signByIdentity(
  payload: Buffer<ArrayBuffer>,
  service: LocalSigstore,
  { identity = workflow, from = issuer } = {},
): Promise<object> {
  const { fulcioUrl, rekorUrl, token } = service;
  const env = { SIGSTORE_ID_TOKEN: token(identity, from) };
  return bundleToJSON(await signKeyless(payload, { fulcioUrl, rekorUrl, env })) as object;
}

let count = 0;

/** Writes a signature, and says whose it must be. */
function required(bundle: object, signer: RequiredSigner, subject?: string): ModelSignature {
  const path = join(scratch, `${count++}.sig`);
  writeFileSync(path, JSON.stringify(bundle));
  return { path, signer, subject };
}

const byKey = (path = own.open): RequiredSigner => ({ kind: 'key', path });
const byCertificate = (identity?: string): RequiredSigner => ({
  kind: 'certificate',
  path: join(scratch, 'authority.pem'),
  ...(identity !== undefined && { identity }),
});
const byIdentity = (changes: { identity?: string; issuer?: string } = {}): RequiredSigner => ({
  kind: 'identity',
  identity: workflow,
  issuer,
  trustedRoot: sigstore.trustedRoot,
  ...changes,
});

beforeAll(async () => {
  sigstore = await startSigstore(scratch);
  lateSigstore = await startSigstore(scratch, { name: 'late', logClock: new Date(Date.now() + hour) });
  foreignSigstore = await startSigstore(scratch, { name: 'foreign' });
  authority = await makeCertificate('authority', { isAuthority: true });
  intermediate = await makeCertificate('intermediate', { issuer: authority, isAuthority: true });
  writeFileSync(join(scratch, 'authority.pem'), exported(authority).pem);
});

afterAll(() => {
  for (const service of [sigstore, lateSigstore, foreignSigstore]) {
    service.close();
  }
  rmSync(scratch, { recursive: true, force: true });
});

describe('accepted', () => {
  test.each<[name: string, make: () => Promise<ModelSignature>]>([
    ['a key', async () => required(signByKey(await statement(), own), byKey())],
    ['a key of P-384', async () => required(signByKey(await statement(), large), byKey(large.open))],
    ['the name of the model', async () => required(signByKey(await statement(), own), byKey(), 'churn')],
    [
      'a certificate, with the name of its owner',
      async () => {
        const leaf = await makeCertificate('me', { issuer: authority, identity: 'me@example.org' });
        return required(await signByCertificate(await statement(), leaf), byCertificate('me@example.org'));
      },
    ],
    [
      'a certificate of an authority in between',
      async () => {
        const leaf = await makeCertificate('me', { issuer: intermediate });
        const bundle = await signByCertificate(await statement(), leaf, [intermediate, authority]);
        return required(bundle, byCertificate());
      },
    ],
    ['an identity', async () => required(await signByIdentity(await statement(), sigstore), byIdentity())],
  ])('by %s', async (_, make) => {
    verifyModelSignature(model, await make(), new Date());
  });

  test('of a model alone, which has no name in the signature', async () => {
    const signed = { '.': modelFiles['onnx/model.onnx'] };
    const signature = required(signByKey(await statement(signed, 'model.onnx'), own), byKey());
    verifyModelSignature({ ...model, external: {} }, signature, new Date());
  });
});

describe('refused', () => {
  test.each<[name: string, code: string, make: () => Promise<ModelSignature>, changes?: Partial<ModelFiles>]>(
    [
      [
        'a tampered model',
        'MODEL_TAMPERED',
        async () => required(signByKey(await statement(), own), byKey()),
        { sha256: sha256(Buffer.from('another graph')) },
      ],
      [
        'tampered weights',
        'MODEL_TAMPERED',
        async () => required(signByKey(await statement(), own), byKey()),
        { external: { 'weights/data.bin': sha256(Buffer.from('others')) } },
      ],
      [
        'weights that nobody signed',
        'SIGNATURE_OTHER',
        async () => required(signByKey(await statement(), own), byKey()),
        { external: { 'weights/more.bin': sha256(Buffer.from('more')) } },
      ],
      [
        'a tampered statement',
        'SIGNATURE_INVALID',
        async () => {
          const bundle = signByKey(await statement(), own) as { dsseEnvelope: { payload: string } };
          bundle.dsseEnvelope.payload = (await statement(modelFiles, 'other')).toString('base64');
          return required(bundle, byKey());
        },
      ],
      ['a wrong key', 'SIGNATURE_KEY', async () => required(signByKey(await statement(), other), byKey())],
      [
        'a wrong key under the name of the right one',
        'SIGNATURE_INVALID',
        async () => {
          const publicKey = readPublicKey(own.open);
          const made = envelope(
            await statement(),
            readPrivateKey(other.secret),
            publicKey,
            hintOf(publicKey),
          );
          return required(bundleToJSON(toDSSEBundle(made)) as object, byKey());
        },
      ],
      [
        'a key where an identity is required',
        'SIGNATURE_IDENTITY',
        async () => required(signByKey(await statement(), own), byIdentity()),
      ],
      [
        'an identity where a key is required',
        'SIGNATURE_KEY',
        async () => required(await signByIdentity(await statement(), sigstore), byKey()),
      ],
      [
        'a wrong identity',
        'SIGNATURE_IDENTITY',
        async () =>
          required(
            await signByIdentity(await statement(), sigstore, { identity: 'mallory@example.org' }),
            byIdentity(),
          ),
      ],
      [
        'an identity that the required one is a part of',
        'SIGNATURE_IDENTITY',
        async () =>
          required(
            await signByIdentity(await statement(), sigstore, { identity: `${workflow}-evil` }),
            byIdentity(),
          ),
      ],
      [
        'the right identity from a wrong issuer',
        'SIGNATURE_IDENTITY',
        async () =>
          required(
            await signByIdentity(await statement(), sigstore, { from: 'https://evil.example.org' }),
            byIdentity(),
          ),
      ],
      [
        'an identity of a foreign authority',
        'CERTIFICATE_UNTRUSTED',
        async () => required(await signByIdentity(await statement(), foreignSigstore), byIdentity()),
      ],
      [
        'a signature made after its certificate had expired',
        'CERTIFICATE_EXPIRED',
        async () => {
          const bundle = await signByIdentity(await statement(), lateSigstore);
          const { trustedRoot } = lateSigstore;
          return required(bundle, { kind: 'identity', identity: workflow, issuer, trustedRoot });
        },
      ],
      [
        'a log entry of another signature',
        'SIGNATURE_INVALID',
        async () => {
          type Keyless = { verificationMaterial: { tlogEntries: object[] } };
          const bundle = (await signByIdentity(await statement(), sigstore)) as Keyless;
          const another = (await signByIdentity(
            await statement({ 'a.onnx': Buffer.from('a') }),
            sigstore,
          )) as Keyless;
          bundle.verificationMaterial.tlogEntries = another.verificationMaterial.tlogEntries;
          return required(bundle, byIdentity());
        },
      ],
      [
        'a signature without its log entry',
        'SIGNATURE_INVALID',
        async () => {
          const bundle = (await signByIdentity(await statement(), sigstore)) as {
            verificationMaterial: { tlogEntries: object[] };
          };
          bundle.verificationMaterial.tlogEntries = [];
          return required(bundle, byIdentity());
        },
      ],
      [
        'an expired certificate',
        'CERTIFICATE_EXPIRED',
        async () => {
          const leaf = await makeCertificate('me', { issuer: authority, validity: past });
          return required(await signByCertificate(await statement(), leaf), byCertificate());
        },
      ],
      [
        'a certificate of a foreign authority',
        'CERTIFICATE_UNTRUSTED',
        async () => {
          const foreign = await makeCertificate('foreign', { isAuthority: true });
          const leaf = await makeCertificate('me', { issuer: foreign });
          return required(await signByCertificate(await statement(), leaf, [foreign]), byCertificate());
        },
      ],
      [
        'a certificate that signed itself',
        'CERTIFICATE_UNTRUSTED',
        async () =>
          required(await signByCertificate(await statement(), await makeCertificate('me')), byCertificate()),
      ],
      [
        'a certificate that an owner of one has issued, who is no authority',
        'CERTIFICATE_UNTRUSTED',
        async () => {
          const owner = await makeCertificate('owner', { issuer: authority });
          const leaf = await makeCertificate('me', { issuer: owner });
          return required(await signByCertificate(await statement(), leaf, [owner]), byCertificate());
        },
      ],
      [
        'a certificate for something else',
        'CERTIFICATE_UNTRUSTED',
        async () => {
          const leaf = await makeCertificate('me', { issuer: authority, keyUsage: 'keyEncipherment' });
          return required(await signByCertificate(await statement(), leaf), byCertificate());
        },
      ],
      [
        'a certificate of another owner',
        'SIGNATURE_IDENTITY',
        async () => {
          const leaf = await makeCertificate('mallory', {
            issuer: authority,
            identity: 'mallory@example.org',
          });
          return required(await signByCertificate(await statement(), leaf), byCertificate('me@example.org'));
        },
      ],
      [
        'a missing signature',
        'SIGNATURE_MISSING',
        async () => ({ path: join(scratch, 'none.sig'), signer: byKey(), subject: undefined }),
      ],
      ['a file that is no signature', 'SIGNATURE_INVALID', async () => required({ some: 'JSON' }, byKey())],
      [
        'the signature of another model',
        'SIGNATURE_OTHER',
        async () =>
          required(signByKey(await statement({ 'fraud.onnx': Buffer.from('graph') }, 'fraud'), own), byKey()),
      ],
      [
        'the signature of another model with files of the same names',
        'MODEL_TAMPERED',
        async () =>
          required(signByKey(await statement({ 'model.onnx': Buffer.from('other') }, 'fraud'), own), byKey()),
      ],
      [
        'another model with its own signature, where the name is required',
        'SIGNATURE_OTHER',
        async () => required(signByKey(await statement(modelFiles, 'fraud'), own), byKey(), 'churn'),
      ],
      [
        'the signature of one file of another name',
        'SIGNATURE_OTHER',
        async () =>
          required(signByKey(await statement({ '.': Buffer.from('graph') }, 'fraud.onnx'), own), byKey()),
      ],
      [
        'a trusted root that is none',
        'TRUST_INVALID',
        async () =>
          required(await signByIdentity(await statement(), sigstore), {
            kind: 'identity',
            identity: workflow,
            issuer,
            trustedRoot: own.open,
          }),
      ],
      [
        'an identity that only the public sigstore could vouch for',
        'CERTIFICATE_UNTRUSTED',
        async () =>
          required(await signByIdentity(await statement(), sigstore), {
            kind: 'identity',
            identity: workflow,
            issuer,
          }),
      ],
    ],
  )('%s', async (_, code, make, changes = {}) => {
    const signature = await make();
    expect(() => verifyModelSignature({ ...model, ...changes }, signature, new Date())).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('packing', () => {
  /** A project whose model is signed. */
  async function project(name: string, verify: object): Promise<string> {
    const dir = join(scratch, name);
    mkdirSync(dir);
    cpSync(join(root, 'examples/breast-cancer/model.onnx'), join(dir, 'model.onnx'));
    const payload = await statement({ 'model.onnx': readFileSync(join(dir, 'model.onnx')) });
    writeFileSync(join(dir, 'model.onnx.sig'), JSON.stringify(signByKey(payload, own)));
    const config = { model: 'model.onnx', engine: 'compiled', verify };
    writeFileSync(join(dir, 'coldpress.config.mjs'), `export default ${JSON.stringify(config)};`);
    return dir;
  }

  const packIn = (cwd: string) => pack({ cwd, env: process.env });

  test('takes a signed model, and names the signature among its inputs', async () => {
    const dir = await project('signed', { key: own.open });
    expect((await packIn(dir)).inputs).toEqual(
      expect.arrayContaining([join(dir, 'model.onnx.sig'), own.open]),
    );
  }, 60_000);

  test.each([
    ['no-key', {}, 'SIGNER_INVALID'],
    ['two-signers', { key: own.open, identity: workflow }, 'SIGNER_INVALID'],
    ['no-issuer', { identity: workflow }, 'SIGNER_INVALID'],
    ['other-key', { key: other.open }, 'SIGNATURE_KEY'],
    ['other-file', { key: own.open, signature: 'other.sig' }, 'SIGNATURE_MISSING'],
    ['other-subject', { key: own.open, subject: 'fraud' }, 'SIGNATURE_OTHER'],
    ['unknown-option', { public_key: own.open }, 'CONFIG_INVALID'],
  ])('refuses %s', async (name, verify, code) => {
    await expect(packIn(await project(name, verify))).rejects.toMatchObject({ code });
  });

  test('a model that is in the cache, and changed since it was signed, is refused', async () => {
    const dir = await project('changed', { key: own.open });
    cpSync(join(root, 'examples/text/model.onnx'), join(dir, 'model.onnx'));
    await expect(packIn(dir)).rejects.toMatchObject({ code: 'MODEL_TAMPERED' });
  });
});
