import { ColdpressError } from '../../errors.ts';
import { mostMemoryBytes } from '../../targets/most-memory.ts';
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType } from '../onnx_pb.ts';
import { elementCount, tensorSizeBytes } from '../tensor-size.ts';
import { allGraphs, allTensors } from '../walk.ts';
import type { Check } from './check.ts';

/** Finds the first constant whose data does not match its shape. */
export const checkInitializers: Check = function* (model) {
  for (const graph of allGraphs(model)) {
    for (const { values, dims } of graph.sparseInitializer) {
      const sizeBytes = tensorSizeBytes({ dims, dataType: values?.dataType ?? 0 }) ?? Infinity;
      if (sizeBytes <= mostMemoryBytes) {
        continue;
      }
      yield new ColdpressError(
        'MODEL_TOO_LARGE',
        `the sparse constant ${JSON.stringify(values?.name ?? '')} takes ${sizeBytes.toLocaleString('en')} bytes after ONNX Runtime has expanded it`,
        { hint: 'split it, or gather its rows by their index instead of multiplying with it' },
      );
    }
  }
  for (const tensor of allTensors(model)) {
    const fault = findFault(tensor);
    if (fault === undefined) {
      continue;
    }
    yield new ColdpressError('MODEL_INVALID', `the constant ${JSON.stringify(tensor.name)} ${fault}`, {
      hint: 'the model is damaged or was not made by an exporter; export it again',
    });
    return;
  }
};

function findFault(tensor: TensorProto): string | undefined {
  if (tensor.segment !== undefined) {
    return 'is stored in segments, which ONNX Runtime does not read';
  }
  const count = elementCount(tensor);
  if (count === undefined) {
    return `has an impossible shape, [${tensor.dims.join(',')}]`;
  }
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    return undefined;
  }
  if (tensor.dataType === TensorProto_DataType.STRING) {
    return tensor.rawData.length > 0 ? 'has strings as raw bytes' : undefined;
  }
  const sizeBytes = tensorSizeBytes(tensor);
  if (sizeBytes === undefined) {
    return `has an unknown type, ${tensor.dataType}`;
  }
  const { length } = tensor.rawData;
  if (length > 0 && length !== sizeBytes) {
    return `has ${length} bytes, where its shape needs ${sizeBytes}`;
  }
  if (length === 0 && sizeBytes > 0 && (tensor.$unknown ?? []).length === 0) {
    return `has no data, where its shape needs ${sizeBytes} bytes`;
  }
  return undefined;
}
