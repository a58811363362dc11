import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType as Type } from './onnx_pb.ts';

/** Numbers of fields that onnx.proto omits so that their contents stay views of the file. */
const INT32_DATA = 5;
const INT64_DATA = 7;

/** Returns the elements of an INT32 or INT64 constant; `undefined` for other types, or if they are in another file. */
export function readIntegers(tensor: TensorProto): bigint[] | undefined {
  const { dataType, rawData, dataLocation } = tensor;
  if (dataLocation === TensorProto_DataLocation.EXTERNAL) {
    return undefined;
  }
  const is32 = dataType === Type.INT32;
  if (!is32 && dataType !== Type.INT64) {
    return undefined;
  }
  if (rawData.length === 0) {
    return listed(tensor, is32 ? INT32_DATA : INT64_DATA);
  }
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const size = is32 ? 4 : 8;
  return Array.from({ length: Math.floor(rawData.length / size) }, (_, index) =>
    is32 ? BigInt(view.getInt32(index * 4, true)) : view.getBigInt64(index * 8, true),
  );
}

function listed({ $unknown = [] }: TensorProto, field: number): bigint[] {
  const values: bigint[] = [];
  for (const { no, wireType, data } of $unknown) {
    if (no !== field) {
      continue;
    }
    const reader = new BinaryReader(data);
    const end = wireType === WireType.LengthDelimited ? reader.uint32() + reader.pos : reader.len;
    while (reader.pos < end) {
      values.push(BigInt(reader.int64()));
    }
  }
  return values;
}
