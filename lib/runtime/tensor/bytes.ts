import { isUtf8 } from 'node:buffer';
import { RequestError } from '../errors.ts';

/** Bytes before each string of a BYTES tensor in binary form: the string's length, little-endian. */
const prefixBytes = 4;

/**
 * Reads the strings of a BYTES tensor in the protocol's binary form.
 * @throws RequestError 400 that names the element
 */
export function readByteStrings(bytes: Uint8Array, where: string): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings: string[] = [];
  for (let at = 0; at < buffer.length; ) {
    const start = at + prefixBytes;
    const end = start <= buffer.length ? start + buffer.readUInt32LE(at) : start;
    if (end > buffer.length) {
      throw bad(where, strings.length, `ends past the tensor's ${buffer.length} bytes`);
    }
    const string = buffer.subarray(start, end);
    if (!isUtf8(string)) {
      throw bad(where, strings.length, 'is not UTF-8');
    }
    strings.push(string.toString('utf8'));
    at = end;
  }
  return strings;
}

/** Writes strings as the elements of a BYTES tensor in binary form. */
export function writeByteStrings(strings: readonly string[]): Buffer {
  const parts = strings.flatMap(string => {
    const text = Buffer.from(string, 'utf8');
    const prefix = Buffer.alloc(prefixBytes);
    prefix.writeUInt32LE(text.length);
    return [prefix, text];
  });
  return Buffer.concat(parts);
}

function bad(where: string, index: number, why: string): RequestError {
  return new RequestError(400, 'DATA', `${where}, element ${index} ${why}`);
}
