import { create } from '@bufbuild/protobuf';
import type { TensorType } from '../../lib/contract/tensor-data.ts';
import { type ModelProto, TensorProto_DataType, TensorProtoSchema } from '../../lib/model/onnx_pb.ts';
import type { ElementType } from '../../lib/model/types.ts';
import type { ProbeTensor } from '../../lib/runtime/probe/types.ts';
import { graph, model, node, tensorType, value } from '../../test/model/build-model.ts';
import type { Case, KernelFuzz, Operand } from './kernel-fuzz.ts';

const elements: Record<string, ElementType> = {
  float32: 'FLOAT',
  float64: 'DOUBLE',
  int64: 'INT64',
  int32: 'INT32',
  uint8: 'UINT8',
  int8: 'INT8',
  bool: 'BOOL',
};
const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
} as const;
const poisoning = [
  node('Neg', ['poison'], ['p1']),
  node('Neg', ['p1'], ['p2']),
  node('Neg', ['p2'], ['poisoned']),
];

/**
 * A model of one operator; its inputs are the operands that are not constants.
 * @param options.isPoisoned - fills the memory that the operator will receive with a vector of the request
 */
export function modelOf(
  { operator, output, skipped = 0, more = 0 }: KernelFuzz,
  { operands, attributes = {} }: Case,
  { opset, isPoisoned }: { opset: number; isPoisoned: boolean },
): ModelProto {
  const names = operands.map((operand, at) => (operand === undefined ? '' : `x${at}`));
  const inputs = operands.flatMap((operand, at) =>
    operand === undefined || operand.isConstant
      ? []
      : [value(`x${at}`, tensorType(elements[operand.type]!, declaredShape(operand)))],
  );
  const constants = operands.flatMap((operand, at) => {
    if (!operand?.isConstant) {
      return [];
    }
    const { data } = toTensor('', operand);
    const rawData = new Uint8Array((data as Uint8Array).buffer);
    const dims = operand.dims.map(BigInt);
    return [
      create(TensorProtoSchema, {
        name: `x${at}`,
        dims,
        dataType: TensorProto_DataType[elements[operand.type]!],
        rawData,
      }),
    ];
  });
  const others = (name: string, length: number) => Array.from({ length }, (_, at) => `${name}${at}`);
  const outputs = [...others('before', skipped), 'y', ...others('after', more)];
  const vector = () => tensorType('FLOAT', [2 ** 14]);
  return model(
    graph({
      node: [...(isPoisoned ? poisoning : []), node(operator, names, outputs, attributes)],
      input: [...(isPoisoned ? [value('poison', vector())] : []), ...inputs],
      initializer: constants,
      output: [
        ...(isPoisoned ? [value('poisoned', vector())] : []),
        value('y', output === undefined ? undefined : tensorType(elements[output]!, null)),
      ],
    }),
    { '': opset, 'ai.onnx.ml': 1, 'com.microsoft': 1 },
  );
}

/** All dimensions are open, except those of lists of sizes and axes, whose length shape inference needs. */
function declaredShape({ type, dims }: Operand): (number | null)[] {
  return dims.map(size => (type === 'int64' && dims.length === 1 ? size : null));
}

export function toTensor(name: string, { type, dims, data }: Operand): ProbeTensor {
  const ArrayType = arrays[type as keyof typeof arrays];
  const values = type === 'int64' ? data.map(BigInt) : data;
  return { name, type: type as TensorType, dims, data: new ArrayType(values as never) };
}
