import type { TensorData, TensorType } from '../../contract/tensor-data.ts';
import type { TypeProto } from '../onnx_pb.ts';
import { type ElementType, elementTypeOf } from '../types.ts';

/** The type of a value of a graph: a tensor, or a sequence of tensors. */
export type ValueType = TensorType | `sequence(${TensorType})`;

/** A value that is known when the model is compiled. */
export interface ConstantValue {
  type: TensorType;
  dims: number[];
  data: TensorData;
}

const tensorTypes: Partial<Record<ElementType, TensorType>> = {
  FLOAT: 'float32',
  DOUBLE: 'float64',
  FLOAT16: 'float16',
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  STRING: 'string',
};

/** Returns the engine's tensor type for an element type; `undefined` if kernels do not support it. */
export function tensorTypeOf(element: ElementType): TensorType | undefined {
  return tensorTypes[element];
}

/** Returns the type of a value that its graph declares. */
export function declaredType(type: TypeProto | undefined): ValueType | undefined {
  return type?.value.case === 'tensorType'
    ? tensorTypeOf(elementTypeOf(type.value.value.elemType))
    : undefined;
}
