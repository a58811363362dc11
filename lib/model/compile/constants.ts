import { closeSync, openSync, readSync } from 'node:fs';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { arrayTypes } from '../../contract/arrays.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import type { ExternalFile } from '../external-data.ts';
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType as Type } from '../onnx_pb.ts';
import { elementCount } from '../tensor-size.ts';
import { elementTypeOf } from '../types.ts';
import { NotCovered } from './not-covered.ts';
import { type ConstantValue, tensorTypeOf } from './value.ts';

/** Decodes a tensor of the model. */
export type ReadTensor = (tensor: TensorProto) => ConstantValue;

/** Numbers of fields that onnx.proto omits, by the types that they contain. */
const FLOAT_DATA = 4;
const INT32_DATA = 5;
const INT64_DATA = 7;
const DOUBLE_DATA = 10;
const UINT64_DATA = 11;

/** @param external - the model's weight files */
export function tensorReader(external: readonly ExternalFile[]): ReadTensor {
  const paths = new Map(external.map(({ location, path }) => [location, path]));
  return tensor => {
    const type = tensorTypeOf(elementTypeOf(tensor.dataType));
    const count = elementCount(tensor);
    if (type === undefined || count === undefined) {
      const element = elementTypeOf(tensor.dataType);
      throw new NotCovered('constant', `"${tensor.name}" is of type ${element}, which kernels do not know`);
    }
    const dims = tensor.dims.map(Number);
    if (type === 'string') {
      requireData(tensor, tensor.stringData.length >= count);
      const data = tensor.stringData.slice(0, count).map(bytes => Buffer.from(bytes).toString());
      return { type, dims, data };
    }
    const isExternal = tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
    // Checked before memory is allocated, because dimensions may be any numbers.
    requireData(tensor, isExternal || count * arrayTypes[type].BYTES_PER_ELEMENT <= mostBytes(tensor));
    const data: Exclude<TensorData, string[]> = new arrayTypes[type](count);
    if (isExternal) {
      readFile(tensor, paths, bytesOf(data));
    } else if (tensor.rawData.length > 0) {
      bytesOf(data).set(tensor.rawData.subarray(0, data.byteLength));
    } else {
      readFields(tensor, data);
    }
    return { type, dims, data };
  };
}

/** Returns the maximum size of a tensor's decoded data: in a list of numbers, each byte may become 8. */
function mostBytes({ rawData, $unknown = [] }: TensorProto): number {
  return rawData.length > 0 ? rawData.length : $unknown.reduce((sum, { data }) => sum + 8 * data.length, 0);
}

function requireData(tensor: TensorProto, isWhole: boolean): void {
  if (!isWhole) {
    throw new NotCovered('constant', `the data of "${tensor.name}" ends early`);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Exclude<TensorData, string[]>): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Reads external data, whose ranges were proven to be within their files and as long as the tensors. */
function readFile(tensor: TensorProto, paths: ReadonlyMap<string, string>, into: Uint8Array): void {
  const entry = (key: string) => tensor.externalData.find(found => found.key === key)?.value;
  const file = openSync(paths.get(entry('location') ?? '') ?? '', 'r');
  try {
    const start = Number(entry('offset') ?? 0);
    for (let done = 0; done < into.length; ) {
      const read = readSync(file, into, done, into.length - done, start + done);
      if (read === 0) {
        throw new Error(`external data of "${tensor.name}" ends early`);
      }
      done += read;
    }
  } finally {
    closeSync(file);
  }
}

/** Reads lists of numbers, packed or not. Types narrower than 32 bits, and float16 as bits, are in `int32_data`. */
function readFields(tensor: TensorProto, into: Exclude<TensorData, string[]>): void {
  const field = fieldOf(tensor.dataType);
  const read = readerOf(field);
  const isBig = into instanceof BigInt64Array || into instanceof BigUint64Array;
  let index = 0;
  for (const { no, wireType, data } of tensor.$unknown ?? []) {
    if (no !== field) {
      continue;
    }
    try {
      const reader = new BinaryReader(data);
      const end = wireType === WireType.LengthDelimited ? reader.uint32() + reader.pos : reader.len;
      while (reader.pos < end && index < into.length) {
        const value = read(reader);
        into[index++] = (isBig ? value : Number(value)) as never;
      }
    } catch (cause) {
      throw new NotCovered(
        'constant',
        `the data of "${tensor.name}" is damaged: ${(cause as Error).message}`,
      );
    }
  }
  requireData(tensor, index === into.length);
}

function fieldOf(dataType: number): number {
  switch (dataType) {
    case Type.FLOAT:
      return FLOAT_DATA;
    case Type.DOUBLE:
      return DOUBLE_DATA;
    case Type.INT64:
      return INT64_DATA;
    case Type.UINT32:
    case Type.UINT64:
      return UINT64_DATA;
    default:
      return INT32_DATA;
  }
}

function readerOf(field: number): (reader: BinaryReader) => number | bigint {
  switch (field) {
    case FLOAT_DATA:
      return reader => reader.float();
    case DOUBLE_DATA:
      return reader => reader.double();
    case INT64_DATA:
      return reader => BigInt(reader.int64());
    case UINT64_DATA:
      return reader => BigInt(reader.uint64());
    default:
      return reader => reader.int32();
  }
}
