import { createPublicKey, sign } from 'node:crypto';
import { join } from 'node:path';
import { type Bundle, bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { openArtifact } from '../artifact.ts';
import { SIGNATURE_FILE } from '../contract/files.ts';
import { writeWhole } from '../write-whole.ts';
import { signedContents } from './artifact-signature.ts';
import { hashFor, hintOf, readPrivateKey } from './keys.ts';
import { type KeylessOptions, signKeyless } from './sign-keyless.ts';
import { makeStatement, payloadType } from './statement.ts';

/** How an artifact is signed: with a private key, or with an identity that a provider confirms. */
export type SigningOptions = { key: string } | { keyless: KeylessOptions };

/**
 * Signs every file of an artifact.
 * @returns the path of the signature
 * @throws ColdpressError KEY_INVALID, IDENTITY_TOKEN_MISSING, SIGNING_FAILED, and the errors of `openArtifact`
 */
export async function signArtifact(dir: string, options: SigningOptions): Promise<string> {
  const { manifest, dir: root } = openArtifact(dir);
  const payload = Buffer.from(await makeStatement(manifest.name, signedContents(root)));
  const bundle =
    'key' in options ? signWithKey(payload, options.key) : await signKeyless(payload, options.keyless);
  const path = join(root, SIGNATURE_FILE);
  await writeWhole(path, `${JSON.stringify(bundleToJSON(bundle))}\n`);
  return path;
}

function signWithKey(payload: Buffer<ArrayBuffer>, keyPath: string): Bundle {
  const key = readPrivateKey(keyPath);
  const publicKey = createPublicKey(key);
  return toDSSEBundle({
    artifact: payload,
    artifactType: payloadType,
    signature: sign(hashFor(publicKey), dsse.preAuthEncoding(payloadType, payload), key),
    keyHint: hintOf(publicKey),
  });
}
