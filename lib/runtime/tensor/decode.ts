import { type DatatypeCodec, datatypes } from '../../contract/datatypes.ts';
import type { Datatype, InputSpec } from '../../contract/manifest.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { EngineTensor } from '../engine/tensor.ts';
import { RequestError } from '../errors.ts';
import { readParts } from './elements.ts';
import { innermost } from './nesting.ts';
import { counted, show } from './show.ts';
import type { InferInput } from './types.ts';

/** More elements than any memory can store. A dimension of 0 must not hide large ones: an output may not have it. */
const maxElements = 2 ** 32;

/**
 * Turns one input of a request into the engine's tensor. Datatype, shape and the number of elements are compared with
 * the signature and with each other before anything is allocated.
 * @throws RequestError 400 that names the input and the dimension
 */
export function decodeTensor(spec: InputSpec, input: InferInput): EngineTensor {
  const where = `input "${spec.name}"`;
  if (input.datatype !== spec.datatype) {
    throw bad(
      'DATATYPE',
      `the datatype of ${where} is ${show(input.datatype)}; the model expects ${spec.datatype}`,
      where,
    );
  }
  const shape = checkShape(spec, input.shape, where);
  const size = countElements(shape, where);
  const codec = datatypes[spec.datatype];
  const data = input.data;
  if (ArrayBuffer.isView(data)) {
    return new EngineTensor(codec.engine, takeTypedArray(spec.datatype, codec, data, size, where), shape);
  }
  if (!Array.isArray(data)) {
    throw bad('DATA', `${where} has no data: expected an array of ${counted(size, 'element')}`);
  }
  return new EngineTensor(codec.engine, readArray(spec.datatype, data, { shape, size, where }), shape);
}

function checkShape(spec: InputSpec, shape: unknown, where: string): number[] {
  if (!Array.isArray(shape)) {
    throw bad('SHAPE', `${where} has no shape: expected an array of dimensions`);
  }
  if (spec.shape !== null && shape.length !== spec.shape.length) {
    const expected = `${spec.shape.length} (${formatShape(spec.shape)})`;
    throw bad('RANK', `${where} has ${counted(shape.length, 'dimension')}; the model expects ${expected}`);
  }
  for (const [axis, size] of shape.entries()) {
    if (!Number.isSafeInteger(size) || size < 0) {
      const place = `${where}, dimension ${axis}`;
      throw bad('SHAPE', `${place} is ${show(size)}; expected a whole number from 0`, place);
    }
    const expected = spec.shape?.[axis];
    if (typeof expected === 'number' && expected >= 0 && expected !== size) {
      throw bad('SHAPE', `${where}, dimension ${axis} is ${size}; the model expects ${expected}`);
    }
    // Smaller dimensions have crashed the engine, or might.
    const least = spec.minShape[axis] ?? 1;
    if (size < least) {
      throw bad('SHAPE', `${where}, dimension ${axis} is ${size}; the model expects ${least} or more`);
    }
  }
  return shape;
}

function countElements(shape: number[], where: string): number {
  let count = 1;
  let extent = 1;
  for (const [axis, size] of shape.entries()) {
    count *= size;
    extent *= Math.max(1, size);
    if (extent > maxElements) {
      throw bad('SHAPE', `${where}, dimension ${axis} is ${size}: more elements than any data can have`);
    }
  }
  return count;
}

function takeTypedArray(
  datatype: Datatype,
  codec: DatatypeCodec,
  data: ArrayBufferView,
  size: number,
  where: string,
): TensorData {
  const bits = datatype === 'FP16' && isFloat16Array(data) ? toBits(data) : data;
  if (codec.array === undefined || !(bits instanceof codec.array)) {
    throw bad(
      'DATA',
      `${where} is a ${data.constructor.name}; ${datatype} needs ${expectedArray(datatype, codec)}`,
    );
  }
  if (bits.length !== size) {
    throw wrongCount(where, bits.length, size);
  }
  if (datatype === 'BOOL') {
    checkBooleans(bits as Uint8Array, where);
  }
  return bits;
}

/** The engine accepts any byte as true, and passes it on unchanged. */
function checkBooleans(bytes: Uint8Array, where: string): void {
  const index = bytes.findIndex(byte => byte > 1);
  if (index !== -1) {
    const place = `${where}, element ${index}`;
    throw bad('DATA', `${place} is ${bytes[index]}; expected 0 or 1`, place);
  }
}

function isFloat16Array(data: ArrayBufferView): boolean {
  return data.constructor.name === 'Float16Array';
}

function toBits(data: ArrayBufferView): Uint16Array {
  return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
}

function expectedArray(datatype: Datatype, codec: DatatypeCodec): string {
  const name = codec.array?.name ?? 'an array of strings';
  return datatype === 'FP16' ? 'a Float16Array, or the bits as a Uint16Array' : name;
}

/** Reads a flat or nested array, row-major. Counts elements before allocating. */
function readArray(
  datatype: Datatype,
  data: unknown[],
  { shape, size, where }: { shape: number[]; size: number; where: string },
): TensorData {
  if (shape.length > 1 && Array.isArray(data[0])) {
    return readParts(innermost(data, shape, where), size, { datatype, where });
  }
  if (data.length !== size) {
    throw wrongCount(where, data.length, size);
  }
  return readParts([data], size, { datatype, where });
}

function wrongCount(where: string, actual: number, expected: number): RequestError {
  return bad('DATA', `${where} has ${counted(actual, 'element')}; its shape says ${expected}`);
}

function formatShape(shape: InputSpec['shape']): string {
  return `[${shape?.join(', ')}]`;
}

/** @param place - set for a message that quotes a value */
function bad(code: string, message: string, place = message): RequestError {
  return new RequestError(400, code, message, place);
}
