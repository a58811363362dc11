import { type Datatype, isFloat } from '../../contract/datatypes.ts';
import { fromFloat16Bits } from '../../contract/float16.ts';
import { bigIntToJson, floatToJson } from '../../contract/json-values.ts';
import type { TensorSpec } from '../../contract/manifest.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import type { EngineTensor } from '../engine/tensor.ts';
import type { InferOutput } from './types.ts';

/** Turns the engine's tensor into an output of an answer. The data is the engine's own array, not a copy. */
export function encodeTensor(spec: TensorSpec, tensor: EngineTensor): InferOutput {
  const output = { name: spec.name, datatype: spec.datatype, shape: [...tensor.dims], data: tensor.data };
  return spec.labels === undefined ? output : { ...output, labels: spec.labels };
}

/** Returns the elements of a tensor as JSON values, in row-major order; see `datatypes` for the spellings. */
export function toJsonData(datatype: Datatype, data: TensorData): unknown[] {
  if (Array.isArray(data)) {
    return data;
  }
  if (datatype === 'BOOL') {
    return Array.from(data as Uint8Array, value => value !== 0);
  }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Array.from(data, bigIntToJson);
  }
  if (datatype === 'FP16') {
    return Array.from(data as Uint16Array, bits => floatToJson(fromFloat16Bits(bits)));
  }
  return isFloat(datatype) ? Array.from(data, floatToJson) : Array.from(data);
}
