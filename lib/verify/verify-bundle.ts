import { verify as verifySignature } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type Bundle, bundleFromJSON } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { type SignedEntity, toSignedEntity, Verifier } from '@sigstore/verify';
import { ColdpressError } from '../errors.ts';
import { certificatesOf, explainCertificate, wrongIdentity } from './certificates.ts';
import { hashFor, hintOf, readPublicKey } from './keys.ts';
import type { RequiredSigner } from './required-signer.ts';
import { payloadType, readStatement, type SignedFiles } from './statement.ts';
import { noTrust, readAuthorities, readTrustedRoot } from './trust.ts';

export interface VerifyBundleOptions {
  signer: RequiredSigner;
  /** The time at which certificates must be valid if the signature has no proven time. */
  now: Date;
}

/**
 * Reads the statement of a signature after verifying that the required signer signed it. Does not use the network.
 * @param path - a sigstore bundle in JSON, as coldpress and OpenSSF Model Signing write it
 * @param howToSign - the hint if the file is missing
 * @throws ColdpressError SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNATURE_KEY, SIGNATURE_IDENTITY, CERTIFICATE_EXPIRED,
 * CERTIFICATE_UNTRUSTED, KEY_INVALID, TRUST_INVALID
 */
export function verifyBundle(path: string, options: VerifyBundleOptions, howToSign: string): SignedFiles {
  if (!existsSync(path)) {
    throw new ColdpressError('SIGNATURE_MISSING', `the signature ${path} is missing`, {
      hint: howToSign,
    });
  }
  try {
    const bundle = parseBundle(readFileSync(path, 'utf8'));
    const { content } = bundle;
    if (content.$case !== 'dsseEnvelope' || content.dsseEnvelope.payloadType !== payloadType) {
      throw new Error('it holds no in-toto statement');
    }
    verifySigner(bundle, path, options);
    return readStatement(content.dsseEnvelope.payload.toString());
  } catch (cause) {
    throw cause instanceof ColdpressError
      ? cause
      : new ColdpressError('SIGNATURE_INVALID', `${path} is not valid: ${(cause as Error).message}`, {
          hint: 'it was changed after it was made, or is no signature of files; do not use what it is for',
          cause,
        });
  }
}

function parseBundle(text: string): Bundle {
  const value = JSON.parse(text);
  // OpenSSF Model Signing states the latest format, 0.3, which has no chains, but includes chains as in 0.1.
  const hasChain = value?.verificationMaterial?.x509CertificateChain !== undefined;
  return bundleFromJSON(
    hasChain ? { ...value, mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1' } : value,
  );
}

function verifySigner(bundle: Bundle, path: string, { signer, now }: VerifyBundleOptions): void {
  switch (signer.kind) {
    case 'key':
      verifyKey(bundle, path, signer.path);
      break;
    case 'certificate':
      verifyCertificate(bundle, path, { signer, now });
      break;
    case 'identity':
      verifyIdentity(bundle, path, signer);
      break;
  }
}

function verifyKey(bundle: Bundle, path: string, keyPath: string): void {
  const publicKey = readPublicKey(keyPath);
  const material = bundle.verificationMaterial.content;
  const hint = material.$case === 'publicKey' ? material.publicKey.hint : undefined;
  if (hint === undefined || (hint !== '' && hint !== hintOf(publicKey))) {
    const made = hint === undefined ? 'with a certificate' : 'with another key';
    throw new ColdpressError('SIGNATURE_KEY', `${path} was made ${made}, not with that of ${keyPath}`, {
      hint: 'name the public key of the one who signed it',
    });
  }
  const trust = { ...noTrust, publicKey: () => ({ publicKey, validFor: () => true }) };
  new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }).verify(
    entityOf(bundle),
  );
}

/** Without a log or a timestamp, nothing proves the time of signing, so the certificates must be valid now. */
function verifyCertificate(
  bundle: Bundle,
  path: string,
  { signer, now }: { signer: RequiredSigner & { kind: 'certificate' }; now: Date },
): void {
  const [leaf, ...offered] = certificatesOf(bundle, path);
  const trust = readAuthorities(
    signer.path,
    offered.map(({ root }) => root.toDER()),
    now,
  );
  const isNow = { integratedTime: String(Math.floor(now.getTime() / 1000)) };
  const entity = entityOf(bundle);
  const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0 });
  explainCertificate({ path, leaf: leaf!, times: [now] }, () =>
    verifier.verify({
      ...entity,
      tlogEntries: [],
      timestamps: [{ $case: 'transparency-log', tlogEntry: { ...emptyEntry, ...isNow } }],
    }),
  );
  if (leaf!.extKeyUsage !== undefined && !leaf!.extKeyUsage.digitalSignature) {
    throw new ColdpressError('CERTIFICATE_UNTRUSTED', `the certificate of ${path} is not for signatures`, {
      hint: 'have it signed with a certificate whose key usage is digitalSignature',
    });
  }
  const { identity } = signer;
  if (identity !== undefined && leaf!.subjectAltName !== identity) {
    throw wrongIdentity(path, { expected: identity, found: leaf!.subjectAltName });
  }
}

/** Keyless: the log proves that the signature was made while the certificate was valid, which is only a few minutes. */
function verifyIdentity(bundle: Bundle, path: string, signer: RequiredSigner & { kind: 'identity' }): void {
  const [leaf] = certificatesOf(bundle, path);
  const trust = readTrustedRoot(signer.trustedRoot);
  const entity = entityOf(bundle);
  const times = entity.timestamps.flatMap(one =>
    one.$case === 'transparency-log' ? [new Date(Number(one.tlogEntry.integratedTime) * 1000)] : [],
  );
  const { identity } = explainCertificate({ path, leaf: leaf!, times }, () =>
    new Verifier(trust).verify(entity),
  );
  // Compared here, because the verifier's own policy treats a name as a pattern that may match in part.
  if (identity?.subjectAlternativeName !== signer.identity) {
    throw wrongIdentity(path, { expected: signer.identity, found: identity?.subjectAlternativeName });
  }
  if (identity.extensions?.issuer !== signer.issuer) {
    throw wrongIdentity(path, { expected: signer.issuer, found: identity.extensions?.issuer });
  }
}

const emptyEntry: SignedEntity['tlogEntries'][number] = {
  logIndex: '0',
  logId: { keyId: Buffer.alloc(0) },
  kindVersion: { kind: '', version: '' },
  integratedTime: '0',
  inclusionPromise: { signedEntryTimestamp: Buffer.alloc(0) },
  inclusionProof: undefined,
  canonicalizedBody: Buffer.alloc(0),
};

function entityOf(bundle: Bundle): SignedEntity {
  const entity = toSignedEntity(bundle);
  const { content } = bundle;
  if (content.$case !== 'dsseEnvelope') {
    return entity;
  }
  const { payloadType: type, payload, signatures } = content.dsseEnvelope;
  const signed = dsse.preAuthEncoding(type, payload);
  // The library always hashes with SHA-256, but P-384 and P-521 keys sign with their own hash.
  entity.signature.verifySignature = key => verifySignature(hashFor(key), signed, key, signatures[0]!.sig);
  return entity;
}
