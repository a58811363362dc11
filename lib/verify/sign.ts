import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFromJSON, bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { openArtifact } from '../artifact.ts';
import { ColdpressError } from '../errors.ts';
import { writeWhole } from '../write-whole.ts';
import { compareFiles, type Difference } from './compare.ts';
import { type Contents, folderContents } from './contents.ts';
import { makeStatement, payloadType, readStatement } from './statement.ts';

/** The signature of an artifact, next to its folders: a bundle of sigstore. */
export const SIGNATURE_FILE = 'signature.sigstore.json';

/**
 * Signs every file of an artifact with a private key.
 * @returns the file that was written
 * @throws ColdpressError KEY_INVALID, and those of `openArtifact`
 */
export async function signArtifact(dir: string, keyPath: string): Promise<string> {
  const { manifest, dir: root } = openArtifact(dir);
  const key = readKey(keyPath, createPrivateKey);
  const payload = Buffer.from(await makeStatement(manifest.name, signedContents(root)));
  const bundle = toDSSEBundle({
    artifact: payload,
    artifactType: payloadType,
    signature: sign(undefined, dsse.preAuthEncoding(payloadType, payload), key),
    keyHint: hintOf(createPublicKey(key)),
  });
  const path = join(root, SIGNATURE_FILE);
  await writeWhole(path, `${JSON.stringify(bundleToJSON(bundle))}\n`);
  return path;
}

/**
 * Compares every file of an artifact with what its signature states, once the signature is that of a public key.
 * @throws ColdpressError SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNATURE_KEY, KEY_INVALID
 */
export async function compareSigned(dir: string, keyPath: string): Promise<Difference[]> {
  const { dir: root, manifest } = openArtifact(dir);
  const publicKey = readKey(keyPath, createPublicKey);
  const path = join(root, SIGNATURE_FILE);
  if (!existsSync(path)) {
    throw new ColdpressError('SIGNATURE_MISSING', `${dir} is not signed: ${path} is missing`, {
      hint: 'npx coldpress sign DIR --key private.pem',
    });
  }
  const { name, files } = verifyBundle(readFileSync(path, 'utf8'), { path, publicKey });
  if (name !== manifest.name) {
    throw new ColdpressError('SIGNATURE_INVALID', `${path} signs ${name}, not ${manifest.name}`, {
      hint: 'a signature of another artifact proves nothing about this one: sign this one',
    });
  }
  return compareFiles(
    signedContents(root),
    files.map(file => ({ ...file, sizeBytes: 0, reason: '' })),
  );
}

function verifyBundle(text: string, { path, publicKey }: { path: string; publicKey: KeyObject }) {
  try {
    const bundle = bundleFromJSON(JSON.parse(text));
    const { content, verificationMaterial } = bundle;
    if (content.$case !== 'dsseEnvelope' || content.dsseEnvelope.payloadType !== payloadType) {
      throw new Error('it holds no in-toto statement');
    }
    const material = verificationMaterial.content;
    if (material.$case !== 'publicKey' || material.publicKey.hint !== hintOf(publicKey)) {
      throw new ColdpressError('SIGNATURE_KEY', `${path} was made with another key`, {
        hint: 'give --key the public key of the one who signed it',
      });
    }
    const trust = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
    const verifier = new Verifier(
      { ...trust, publicKey: () => ({ publicKey, validFor: () => true }) },
      { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
    );
    verifier.verify(toSignedEntity(bundle));
    return readStatement(content.dsseEnvelope.payload.toString());
  } catch (cause) {
    if (cause instanceof ColdpressError) {
      throw cause;
    }
    throw new ColdpressError('SIGNATURE_INVALID', `${path} is not valid: ${(cause as Error).message}`, {
      hint: 'it was changed after it was signed, or is no signature of an artifact',
      cause,
    });
  }
}

function signedContents(root: string): Contents {
  const contents = folderContents(root, '.');
  return { ...contents, name: 'signed', paths: contents.paths.filter(path => path !== SIGNATURE_FILE) };
}

function readKey(path: string, read: (pem: Buffer) => KeyObject): KeyObject {
  try {
    return read(readFileSync(path));
  } catch (cause) {
    throw new ColdpressError('KEY_INVALID', `${path} is no key in PEM: ${(cause as Error).message}`, {
      hint: 'openssl ecparam -name prime256v1 -genkey -noout -out private.pem; openssl ec -in private.pem -pubout -out public.pem',
      cause,
    });
  }
}

/** As OpenSSF Model Signing names a key: SHA-256 of its PEM. */
function hintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'pem' }))
    .digest('hex');
}
