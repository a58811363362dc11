import { mostMemoryBytes } from '../../targets/most-memory.ts';
import { getAttribute } from '../attributes.ts';
import { readIntegers } from '../integers.ts';
import type { GraphProto, TensorProto } from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import type { Model } from '../read.ts';
import { tensorSizeBytes } from '../tensor-size.ts';
import { allGraphs } from '../walk.ts';
import type { EngineLimits } from './engine-process.ts';

/** Maximum of the declared size that is believed, since any file can claim to be large. */
const maxDeclaredBytes = 2 ** 30;

/** Limits grow with the model's size and its declared sizes; a model that uses far more than these is stopped. */
export function limitsFor(sizeBytes: number, model?: Model): EngineLimits {
  const declared = model === undefined ? 0 : Math.min(declaredBytes(model), maxDeclaredBytes);
  return {
    timeoutMs: 6000 + Math.min(sizeBytes / 20_000, 240_000) + declared / 2 ** 18,
    memoryBytes: Math.min(900_000_000 + 6 * sizeBytes + 4 * declared, mostMemoryBytes),
  };
}

/** Returns the bytes made from constants alone, such as uniform weights, and those of the largest declared value. */
function declaredBytes({ format, ...model }: Model): number {
  if (format === 'ort' || !('proto' in model)) {
    return 0;
  }
  const graphs = [...allGraphs(model.proto)];
  const filled = graphs.flatMap(filledBytes).reduce((sum, bytes) => sum + bytes, 0);
  return graphs.flatMap(valueBytes).reduce((largest, bytes) => Math.max(largest, bytes), 0) + filled;
}

/** Returns the sizes of each ConstantOfShape whose shape is a constant. */
function filledBytes({ node: nodes, initializer }: GraphProto): number[] {
  const constants = new Map<string, TensorProto>(initializer.map(tensor => [tensor.name, tensor]));
  for (const node of nodes) {
    const tensor = node.opType === 'Constant' ? getAttribute(node, 'value')?.t : undefined;
    if (tensor !== undefined) {
      constants.set(node.output[0] ?? '', tensor);
    }
  }
  return nodes.flatMap(node => {
    const shape = constants.get(node.input[0] ?? '');
    if (node.opType !== 'ConstantOfShape' || domainOf(node.domain) !== '' || shape === undefined) {
      return [];
    }
    const dims = readIntegers(shape) ?? [];
    return tensorSizeBytes({ dims, dataType: getAttribute(node, 'value')?.t?.dataType ?? 1 }) ?? [];
  });
}

/** Returns the sizes of the declared values, with open dimensions counted as 1. */
function valueBytes({ input, output, valueInfo }: GraphProto): number[] {
  return [...input, ...output, ...valueInfo].flatMap(({ type }) => {
    if (type?.value.case !== 'tensorType') {
      return [];
    }
    const { elemType, shape } = type.value.value;
    const dims = (shape?.dim ?? []).map(({ value }) => (value.case === 'dimValue' ? value.value : 1n));
    return tensorSizeBytes({ dims, dataType: elemType }) ?? [];
  });
}
