/**
 * Computes a checksum of bytes that start at a multiple of 4 in their buffer: FNV-1a over 32-bit words, which detects
 * any change of a single word. It needs no Node API, and for a small file it is done before node:zlib, which has CRC-32,
 * would be loaded. http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function checksum({ buffer, byteOffset, length }: Uint8Array): number {
  const words = new Uint32Array(buffer, byteOffset, length >>> 2);
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x01000193);
  }
  for (const byte of new Uint8Array(buffer, byteOffset + 4 * words.length, length % 4)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
