const basis = 0x811c9dc5;
const prime = 0x01000193;

/**
 * Computes a checksum of bytes that start at a multiple of 4 in their buffer: FNV-1a over 32-bit words, which detects
 * any change of a single word. It needs no Node API, and for a small file it is done before node:zlib, which has CRC-32,
 * would be loaded. http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function checksum({ buffer, byteOffset, length }: Uint8Array): number {
  const { imul } = Math;
  const words = new Int32Array(buffer, byteOffset, length >>> 2);
  const inFours = words.length - (words.length % 4);
  let hash = basis;
  // Four words per turn: at a cold start V8 interprets this loop, and so needs a third of the time for it.
  for (let i = 0; i < inFours; i += 4) {
    hash = imul(hash ^ words[i]!, prime);
    hash = imul(hash ^ words[i + 1]!, prime);
    hash = imul(hash ^ words[i + 2]!, prime);
    hash = imul(hash ^ words[i + 3]!, prime);
  }
  for (const word of words.subarray(inFours)) {
    hash = imul(hash ^ word, prime);
  }
  for (const byte of new Uint8Array(buffer, byteOffset + 4 * words.length, length % 4)) {
    hash = imul(hash ^ byte, prime);
  }
  return hash >>> 0;
}
