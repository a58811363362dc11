import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function generateKeyPair(namedCurve = 'P-256'): { privateKey: KeyObject; publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve });
}

/** A pair of keys as files in PEM. */
export function writeKeys(dir: string, name: string, namedCurve?: string): { secret: string; open: string } {
  const { privateKey, publicKey } = generateKeyPair(namedCurve);
  const [secret, open] = [join(dir, `${name}.pem`), join(dir, `${name}.pub.pem`)];
  writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }));
  return { secret, open };
}
