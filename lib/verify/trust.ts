import { X509Certificate as NodeCertificate } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { X509Certificate } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import { ColdpressError } from '../errors.ts';
import { pemBlocks, readPem } from './pem.ts';

/** The trusted root of the public sigstore, from the seeds of @sigstore/tuf 4.0.2, which npm's signatures cover. */
const publicRoot = fileURLToPath(new URL('./sigstore-root.json', import.meta.url));

const always = { start: new Date(0), end: new Date(8.64e15) };

/** Trusts no authority. */
export const noTrust: TrustMaterial = {
  certificateAuthorities: [],
  timestampAuthorities: [],
  tlogs: [],
  ctlogs: [],
  publicKey: () => {
    throw new Error('no key is trusted');
  },
};

/** @throws ColdpressError TRUST_INVALID */
export function readTrustedRoot(path: string = publicRoot): TrustMaterial {
  const text = readPem(path, (problem, cause) => invalid(path, problem, cause));
  if (pemBlocks(text).length > 0) {
    throw invalid(path, 'is PEM; a trusted root of sigstore is JSON. Authorities in PEM go to "certificate"');
  }
  try {
    const trust = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(text)));
    if (trust.certificateAuthorities.length === 0) {
      throw new Error('it has no certificate authority');
    }
    return trust;
  } catch (cause) {
    throw invalid(path, `is not a trusted root of sigstore: ${(cause as Error).message}`, cause);
  }
}

/**
 * Trusts the authorities in a PEM file, and any of the `offered` certificates, which come with a signature, that they
 * issued.
 * @throws ColdpressError TRUST_INVALID, CERTIFICATE_EXPIRED
 */
export function readAuthorities(path: string, offered: readonly Uint8Array[], now: Date): TrustMaterial {
  const trusted = parseAuthorities(path, now);
  const candidates = offered.map(bytes => new NodeCertificate(bytes));
  // Each round adds the certificates that were issued by those of the previous round.
  for (let known = 0; known < trusted.length; ) {
    known = trusted.length;
    for (const candidate of candidates) {
      const isKnown = trusted.some(one => one.fingerprint256 === candidate.fingerprint256);
      if (
        !isKnown &&
        candidate.ca &&
        isValid(candidate, now) &&
        trusted.some(one => issued(one, candidate))
      ) {
        trusted.push(candidate);
      }
    }
  }
  const certChain = trusted.map(one => X509Certificate.parse(Buffer.from(one.raw)));
  return { ...noTrust, certificateAuthorities: [{ certChain, validFor: always }] };
}

function issued(issuer: NodeCertificate, certificate: NodeCertificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isValid({ validFrom, validTo }: NodeCertificate, now: Date): boolean {
  return Date.parse(validFrom) <= now.getTime() && now.getTime() <= Date.parse(validTo);
}

/** @throws ColdpressError TRUST_INVALID, CERTIFICATE_EXPIRED if none of them is valid now */
function parseAuthorities(path: string, now: Date): NodeCertificate[] {
  const blocks = pemBlocks(readPem(path, (problem, cause) => invalid(path, problem, cause)));
  const pems = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (pems.length === 0) {
    const [other] = blocks;
    throw invalid(
      path,
      `contains ${other === undefined ? 'no' : `a ${other.label.toLowerCase()}, not a`} certificate in PEM`,
    );
  }
  let certificates: NodeCertificate[];
  try {
    certificates = pems.map(({ pem }) => new NodeCertificate(pem));
  } catch (cause) {
    throw invalid(path, `contains a damaged certificate: ${(cause as Error).message}`, cause);
  }
  const authorities = certificates.filter(({ ca }) => ca);
  const [first] = authorities;
  if (first === undefined) {
    throw invalid(path, 'contains no certificate of an authority, perhaps that of the signer');
  }
  if (!authorities.some(one => isValid(one, now))) {
    throw new ColdpressError(
      'CERTIFICATE_EXPIRED',
      `the authority of ${path} is valid from ${first.validFrom} to ${first.validTo}, not at ${now.toISOString()}`,
      { hint: 'get the current certificate of the authority, and have the file signed again' },
    );
  }
  return certificates;
}

function invalid(path: string, problem: string, cause?: unknown): ColdpressError {
  return new ColdpressError('TRUST_INVALID', `${path} ${problem}`, {
    hint: 'name the file that the signer’s organisation publishes; see docs/supply-chain.md',
    cause,
  });
}
