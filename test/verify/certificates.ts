import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

/** A certificate and its key. */
export interface Certified {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

export interface CertificateOptions {
  /** None: it signs itself. */
  issuer?: Certified;
  isAuthority?: boolean;
  /** Its name in the certificate, an email address. */
  identity?: string;
  /** @default an hour ago to an hour from now */
  validity?: { from: Date; to: Date };
  /** @default that of an authority, or of signatures */
  keyUsage?: keyof typeof x509.KeyUsageFlags;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hour = 3_600_000;

export async function makeCertificate(
  name: string,
  { issuer, isAuthority = false, identity, validity, keyUsage }: CertificateOptions = {},
): Promise<Certified> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const now = Date.now();
  const { KeyUsageFlags: flags } = x509;
  const usage = flags[keyUsage ?? (isAuthority ? 'keyCertSign' : 'digitalSignature')];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: String(Math.floor(Math.random() * 1e9) + 1),
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    notBefore: validity?.from ?? new Date(now - hour),
    notAfter: validity?.to ?? new Date(now + hour),
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(isAuthority, undefined, true),
      new x509.KeyUsagesExtension(usage, true),
      ...(identity === undefined
        ? []
        : [new x509.SubjectAlternativeNameExtension([{ type: 'email', value: identity }])]),
    ],
  });
  return { certificate, keys };
}

/** The pieces that a signature is made of and verified by. */
export function exported({ certificate, keys }: Certified) {
  return {
    pem: certificate.toString('pem'),
    der: Buffer.from(certificate.rawData),
    privateKey: KeyObject.from(keys.privateKey),
  };
}
