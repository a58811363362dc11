import { inflateRawSync } from 'node:zlib';
import { Deflate, deflateSync } from 'fflate';

/** Level 6 takes a quarter longer for 1 % less of ONNX Runtime. */
const level = 4;
/** How far a match may be back. */
const windowBytes = 32_768;

/**
 * Compresses a piece of more than 32 KiB that others follow: it ends at a byte, in no last block, and refers to no piece before it.
 * It is computed in JavaScript, for zlib's output differs by the CPU and by the version of Node.
 */
export function deflatePiece(piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = piece.subarray(0, windowBytes);
  const parts: Uint8Array[] = [storedHeader(windowBytes), start];
  // fflate's streams begin with 32 KiB of zeros, and match them, unless there is that much dictionary (0.8.3).
  const encoder = new Deflate({ level, dictionary: start }, part => parts.push(part));
  encoder.push(piece.subarray(windowBytes));
  encoder.flush();
  encoder.push(new Uint8Array(0), true);
  return checked(openEnd(Buffer.concat(parts)), piece, Buffer.of(3, 0));
}

/** Compresses the last piece, to the end of the stream. */
export function deflateRest(piece: Uint8Array): Uint8Array {
  return checked(deflateSync(piece, { level }), piece);
}

/** Of a block that is not the last: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4 */
function storedHeader(length: number): Uint8Array {
  const header = Buffer.alloc(5);
  header.writeUInt16LE(length, 1);
  header.writeUInt16LE(~length & 0xffff, 3);
  return header;
}

/**
 * Replaces the empty last block, of fixed codes, by an empty stored one that is not the last. In the former two bits are
 * set, the last of all: one says that it is the last block, the next its type. fflate's own sync flush is wrong wherever
 * bits are pending (0.8.3).
 */
function openEnd(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let at = bytes.length - 1;
  while (bytes[at] === 0) {
    at -= 1;
  }
  const type = 8 * at + 31 - Math.clz32(bytes[at]!);
  const start = type - 1;
  for (const bit of [start, type]) {
    bytes[bit >> 3]! &= ~(1 << (bit & 7));
  }
  const headerEnd = Math.ceil((start + 3) / 8);
  const open = new Uint8Array(headerEnd + 4);
  open.set(bytes.subarray(0, headerEnd));
  open.set([0, 0, 0xff, 0xff], headerEnd);
  return open;
}

/** A layer that cannot be unpacked would be found out only where it runs. @param end - what completes the stream */
function checked<Bytes extends Uint8Array>(
  compressed: Bytes,
  piece: Uint8Array,
  end = Buffer.alloc(0),
): Bytes {
  if (!inflateRawSync(Buffer.concat([compressed, end])).equals(piece)) {
    throw new Error('a layer was not compressed as it can be read');
  }
  return compressed;
}
