import { X509Certificate as NodeCertificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { X509Certificate } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import { ColdpressError } from '../errors.ts';

/** The trusted root of the public sigstore, from the seeds of @sigstore/tuf 4.0.2, which npm's signatures cover. */
const publicRoot = fileURLToPath(new URL('./sigstore-root.json', import.meta.url));

const always = { start: new Date(0), end: new Date(8.64e15) };

/** Trusts no authority. */
export const noTrust: TrustMaterial = {
  ...{ certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] },
  publicKey: () => {
    throw new Error('no key is trusted');
  },
};

/** @throws ColdpressError TRUST_INVALID */
export function readTrustedRoot(path: string = publicRoot): TrustMaterial {
  return read(path, 'is no trusted root of sigstore', text => {
    const trust = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(text)));
    if (trust.certificateAuthorities.length === 0) {
      throw new Error('it has no certificate authority');
    }
    return trust;
  });
}

/**
 * Trusts the authorities in a PEM file, and any of the `offered` certificates, which come with a signature, that they
 * issued.
 * @throws ColdpressError TRUST_INVALID
 */
export function readAuthorities(path: string, offered: readonly Uint8Array[], now: Date): TrustMaterial {
  const trusted = read(path, 'holds no certificate in PEM', text => {
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) {
      throw new Error('there is no block CERTIFICATE in it');
    }
    return blocks.map(block => new NodeCertificate(block));
  });
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

function read<T>(path: string, problem: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ColdpressError('TRUST_INVALID', `${path} ${problem}: ${(cause as Error).message}`, {
      hint: 'name the file that the signer’s organisation publishes; see docs/supply-chain.md',
      cause,
    });
  }
}
