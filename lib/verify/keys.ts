import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { ColdpressError } from '../errors.ts';
import { quote } from '../shell-command.ts';
import { pemBlocks, readPem } from './pem.ts';

/** @throws ColdpressError KEY_INVALID */
export function readPublicKey(path: string): KeyObject {
  return readKey(path, publicKeys);
}

/** @throws ColdpressError KEY_INVALID */
export function readPrivateKey(path: string): KeyObject {
  return readKey(path, privateKeys);
}

/** A kind of key: which blocks of PEM contain it, and what to do with a file that contains another. */
interface KeyKind {
  name: string;
  labels: RegExp;
  parse(pem: string): KeyObject;
  /** Commands that make the key, or what else helps; the first that matches a block's label. */
  hints: [label: RegExp, problem: string, hint: (path: string) => string][];
}

const newPair =
  'openssl ecparam -name prime256v1 -genkey -noout -out private.pem; openssl ec -in private.pem -pubout -out public.pem';
const ofSsh: KeyKind['hints'][number] = [
  /^OPENSSH/,
  'a key of SSH',
  () => `keys of SSH are not for artifacts; make a pair: ${newPair}`,
];

const publicKeys: KeyKind = {
  name: 'public key',
  labels: /^(RSA )?PUBLIC KEY$/,
  parse: createPublicKey,
  hints: [
    ofSsh,
    [
      /PRIVATE KEY$/,
      'a private key, which verifying must not have',
      path => `name the public key: openssl pkey -in ${quote(path)} -pubout -out public.pem`,
    ],
    [
      /CERTIFICATE$/,
      'a certificate',
      path =>
        `require the certificate’s authority with "certificate"; or its key: openssl x509 -in ${quote(path)} -noout -pubkey > public.pem`,
    ],
  ],
};

const privateKeys: KeyKind = {
  name: 'private key',
  labels: /^((EC|RSA) )?PRIVATE KEY$/,
  parse: createPrivateKey,
  hints: [
    ofSsh,
    [
      /^ENCRYPTED/,
      'an encrypted private key',
      path => `decrypt it first: openssl pkey -in ${quote(path)} -out private.pem`,
    ],
    [/PUBLIC KEY$/, 'a public key', () => 'name the private key of the pair; the public one only verifies'],
    [/CERTIFICATE$/, 'a certificate', () => 'name the private key of the certificate'],
  ],
};

function readKey(path: string, { name, labels, parse, hints }: KeyKind): KeyObject {
  const invalid = (
    problem: string,
    hint = `name the file of the ${name}, or make a pair: ${newPair}`,
    cause?: unknown,
  ) => new ColdpressError('KEY_INVALID', `${path} ${problem}`, { hint, cause });
  const text = readPem(path, (problem, cause) => invalid(problem, undefined, cause));
  // `openssl ecparam -genkey` writes the curve's parameters before the key.
  const [block, ...more] = pemBlocks(text).filter(({ label }) => label !== 'EC PARAMETERS');
  if (block === undefined) {
    throw invalid(
      /^(ssh|ecdsa)-/.test(text) ? 'contains a key of SSH, not one in PEM' : 'contains no key in PEM',
    );
  }
  if (more.length > 0) {
    const found = [block, ...more].map(({ label }) => label).join(', ');
    throw invalid(`contains several blocks (${found})`, `keep the one ${name} in a file of its own`);
  }
  const label = /^Proc-Type: 4,ENCRYPTED/m.test(block.pem) ? `ENCRYPTED ${block.label}` : block.label;
  if (!labels.test(label)) {
    const [, problem, hint] = hints.find(([other]) => other.test(label)) ?? [];
    throw invalid(`contains ${problem ?? `a block ${label}, not a ${name}`}`, hint?.(path));
  }
  let key: KeyObject;
  try {
    key = parse(block.pem);
  } catch (cause) {
    throw invalid(`contains a damaged ${name}: ${(cause as Error).message}`, undefined, cause);
  }
  const weakness = weaknessOf(key);
  if (weakness !== undefined) {
    throw invalid(weakness);
  }
  return key;
}

/** https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-57pt1r5.pdf, table 2 */
const leastRsaBits = 2048;
const curves = ['prime256v1', 'secp384r1', 'secp521r1'];

function weaknessOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): string | undefined {
  switch (type) {
    case 'ed25519':
    case 'ed448':
      return undefined;
    case 'rsa':
    case 'rsa-pss': {
      const bits = details?.modulusLength ?? 0;
      return bits >= leastRsaBits
        ? undefined
        : `is an RSA key of ${bits} bits, and signatures need ${leastRsaBits} or more`;
    }
    case 'ec':
      return curves.includes(details?.namedCurve ?? '')
        ? undefined
        : `is a key on the curve ${details?.namedCurve}, not on P-256, P-384 or P-521`;
    default:
      return `is a key of type ${type}, which makes no signatures that are supported`;
  }
}

/** A key's name in OpenSSF Model Signing: the SHA-256 of its PEM. */
export function hintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'pem' }))
    .digest('hex');
}

/** The hash algorithm for signatures of this key, which depends on the size of its curve. */
export function hashFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  switch (asymmetricKeyDetails?.namedCurve) {
    case 'secp384r1':
      return 'sha384';
    case 'secp521r1':
      return 'sha512';
    default:
      return asymmetricKeyType === 'ed25519' || asymmetricKeyType === 'ed448' ? undefined : 'sha256';
  }
}
