import type { Bundle } from '@sigstore/bundle';
import { X509Certificate } from '@sigstore/core';
import { VerificationError } from '@sigstore/verify';
import { ColdpressError } from '../errors.ts';

/** The signer's certificate and those delivered with it. @throws ColdpressError SIGNATURE_IDENTITY */
export function certificatesOf(bundle: Bundle, path: string): X509Certificate[] {
  const { content } = bundle.verificationMaterial;
  switch (content.$case) {
    case 'publicKey':
      throw new ColdpressError('SIGNATURE_IDENTITY', `${path} was made with a key, which has no identity`, {
        hint: 'require the key, or have it signed with a certificate',
      });
    case 'certificate':
      return [X509Certificate.parse(Buffer.from(content.certificate.rawBytes))];
    case 'x509CertificateChain':
      return content.x509CertificateChain.certificates.map(({ rawBytes }) =>
        X509Certificate.parse(Buffer.from(rawBytes)),
      );
  }
}

/** Explains why the verifier rejects a certificate. */
export function explainCertificate<T>(
  { path, leaf, times }: { path: string; leaf: X509Certificate; times: Date[] },
  verify: () => T,
): T {
  try {
    return verify();
  } catch (cause) {
    if (!(cause instanceof VerificationError) || cause.code !== 'CERTIFICATE_ERROR') {
      throw cause;
    }
    const outside = times.find(time => !leaf.validForDate(time));
    if (outside !== undefined) {
      throw new ColdpressError(
        'CERTIFICATE_EXPIRED',
        `the certificate of ${path} is valid from ${leaf.notBefore.toISOString()} to ${leaf.notAfter.toISOString()}, not at ${outside.toISOString()}`,
        { hint: 'have it signed again with a valid certificate', cause },
      );
    }
    throw new ColdpressError(
      'CERTIFICATE_UNTRUSTED',
      `no trusted authority issued the certificate of ${path}`,
      {
        hint: 'name the authorities of its signer, or do not use what it is for',
        cause,
      },
    );
  }
}

export function wrongIdentity(
  path: string,
  { expected, found }: { expected: string; found: string | undefined },
): ColdpressError {
  return new ColdpressError(
    'SIGNATURE_IDENTITY',
    `${path} is signed by ${found ?? 'nobody'}, not by ${expected}`,
    {
      hint: 'if that signer is right, name it; else do not use what it is for',
    },
  );
}
