import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ColdpressError } from '../errors.ts';

/** @throws ColdpressError KEY_INVALID */
export function readPublicKey(path: string): KeyObject {
  return readKey(path, createPublicKey);
}

/** @throws ColdpressError KEY_INVALID */
export function readPrivateKey(path: string): KeyObject {
  return readKey(path, createPrivateKey);
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
