import { datatypes } from '../../contract/datatypes.ts';
import type { Datatype } from '../../contract/manifest.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { RequestError } from '../errors.ts';
import { readByteStrings, writeByteStrings } from './bytes.ts';

/**
 * Returns the elements of a tensor in raw bytes: little-endian, like every CPU that coldpress packs for, so that they
 * are used in place. Only data that is not aligned for its datatype is copied.
 * @throws RequestError 400 if the bytes are not a whole number of elements
 */
export function fromBinary(datatype: Datatype, bytes: Uint8Array, where: string): TensorData {
  const { array } = datatypes[datatype];
  if (array === undefined) {
    return readByteStrings(bytes, where);
  }
  const size = array.BYTES_PER_ELEMENT;
  if (bytes.byteLength % size !== 0) {
    const problem = `${bytes.byteLength} bytes of binary data, not a multiple of ${size}, the size of ${datatype}`;
    throw new RequestError(400, 'BINARY', `${where} has ${problem}`);
  }
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new array(aligned.buffer, aligned.byteOffset, aligned.byteLength / size);
}

/** Returns the elements of a tensor as raw bytes; except for BYTES, they are the tensor's own memory. */
export function toBinary(data: TensorData): Uint8Array {
  return Array.isArray(data)
    ? writeByteStrings(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
