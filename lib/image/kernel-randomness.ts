/**
 * Takes random numbers from the kernel, which Lambda reseeds when it restores a snapshot. V8's generator, OpenSSL's and
 * the cache of `randomUUID` are part of the snapshot, so every instance would produce the same numbers. The function is
 * written out as text, so it must not refer to anything outside itself.
 * https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
 */
function useKernelRandomness({
  fs,
  crypto,
}: {
  fs: typeof import('node:fs');
  crypto: typeof import('node:crypto');
}) {
  const device = fs.openSync('/dev/urandom', 'r');

  function fill<View extends ArrayBufferView>(view: View): View {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let filled = 0; filled < bytes.length; ) {
      filled += fs.readSync(device, bytes, filled, bytes.length - filled, null);
    }
    return view;
  }

  function randomBytes(size: number, callback?: (error: Error | null, bytes: Buffer) => void) {
    const bytes = fill(Buffer.alloc(size));
    if (callback === undefined) {
      return bytes;
    }
    process.nextTick(callback, null, bytes);
    return undefined;
  }

  /** Version 4: https://www.rfc-editor.org/rfc/rfc9562#section-5.4 */
  function randomUUID() {
    const bytes = fill(Buffer.alloc(16));
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  Math.random = () => Number(fill(new BigUint64Array(1))[0]! >> 11n) / 2 ** 53;
  Object.assign(crypto, { randomBytes, randomUUID });
  Object.assign(globalThis.crypto, { randomUUID, getRandomValues: fill });
}

/** The source of a module that does so on import, before any other module keeps a function of `node:crypto`. */
export function kernelRandomnessModule(): string {
  return `import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

(${useKernelRandomness})({ fs, crypto });
syncBuiltinESMExports();
`;
}
