import { type Differences, largestDifference } from '../../../bench/engines/differences.ts';
import { openOracle } from '../../../bench/engines/oracle.ts';
import { arrayTypes } from '../../../lib/contract/arrays.ts';
import { toFloat16Bits } from '../../../lib/contract/float16.ts';
import type { TensorData, TensorType } from '../../../lib/contract/tensor-data.ts';
import { compileModel } from '../../../lib/model/compile/compile.ts';
import type { FunctionProto, NodeProto, TensorProto } from '../../../lib/model/onnx_pb.ts';
import { seededRandom } from '../../../lib/model/press/random-inputs.ts';
import { decodeModel } from '../../../lib/model/read.ts';
import type { ElementType } from '../../../lib/model/types.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { openProgram } from '../../../lib/runtime/engine/compiled/open-program.ts';
import type { Session } from '../../../lib/runtime/engine/session.ts';
import { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import { floats, graph, model, tensorType, value } from '../build-model.ts';

/** A model of a few nodes, from inputs to outputs of any type, with their dimensions. */
export interface Operator {
  nodes: NodeProto[];
  inputs: Record<string, number[]>;
  /** @default float32 */
  types?: Record<string, TensorType>;
  constants?: TensorProto[];
  outputs: string[];
  opset?: number;
  /** Of the model itself, in the domain `own`. */
  functions?: FunctionProto[];
}

export const elements: Record<TensorType, ElementType> = {
  float32: 'FLOAT',
  float64: 'DOUBLE',
  float16: 'FLOAT16',
  bool: 'BOOL',
  uint8: 'UINT8',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  string: 'STRING',
};

export function encode({
  nodes,
  inputs,
  types = {},
  constants = [],
  outputs,
  opset = 17,
  functions = [],
}: Operator): Buffer {
  const main = graph({
    node: nodes,
    input: Object.entries(inputs).map(([name, dims]) =>
      value(
        name,
        tensorType(
          elements[types[name] ?? 'float32'],
          dims.map(() => null),
        ),
      ),
    ),
    initializer: constants,
    // The engine knows their types.
    output: outputs.map(name => value(name, undefined)),
  });
  return Buffer.concat(
    encodeModel(model(main, { '': opset, 'ai.onnx.ml': 3, 'com.microsoft': 1, own: 1 }, { functions })),
  );
}

export function compiled(bytes: Buffer): Session {
  const { program, weights } = compileModel(decodeModel(bytes, 'model.onnx'), []);
  return openProgram(program, new Uint8Array(weights));
}

/** The same inputs to both engines: how far apart the answers are. @param inputs - default: random, in sixteenths */
export function difference(operator: Operator, inputs = randomInputs(operator)): Differences {
  const bytes = encode(operator);
  const oracle = openOracle(bytes);
  if (typeof oracle === 'string') {
    throw new Error(oracle);
  }
  try {
    const expected = oracle.run(inputs, operator.outputs);
    return largestDifference(operator.outputs, expected, compiled(bytes).run(inputs, operator.outputs));
  } finally {
    oracle.close();
  }
}

function randomInputs({ inputs, types = {} }: Operator): Map<string, EngineTensor> {
  const random = seededRandom(1);
  return new Map(
    Object.entries(inputs).map(([name, dims]) => {
      const type = types[name] ?? 'float32';
      return [name, new EngineTensor(type, elementsOf(type, randomFloats(dims, random)), dims)];
    }),
  );
}

/** Numbers as a type holds them: no zero among the whole ones, which may divide. */
function elementsOf(type: TensorType, numbers: Float32Array): TensorData {
  if (type === 'string') {
    return Array.from(numbers, String);
  }
  if (type === 'bool') {
    return Uint8Array.from(numbers, number => Number(number > 0));
  }
  if (type === 'float32' || type === 'float64') {
    return arrayTypes[type].from(numbers);
  }
  if (type === 'float16') {
    return Uint16Array.from(numbers, number => toFloat16Bits(number));
  }
  const whole = Array.from(numbers, number => {
    const size = Math.round(Math.abs(number)) || 1;
    return number < 0 && type.startsWith('int') ? -size : size;
  });
  const array = new arrayTypes[type](whole.length) as Int32Array;
  const isBig = type === 'int64' || type === 'uint64';
  return array.map((_, index) => (isBig ? BigInt(whole[index]!) : whole[index]!) as number);
}

export function randomFloats(dims: number[], random: () => number): Float32Array {
  const length = dims.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length }, () => Math.round((random() - 0.5) * 96) / 16);
}

/** A constant of random numbers. */
export function weights(name: string, dims: number[], seed = 2): TensorProto {
  const random = seededRandom(seed);
  return floats(
    name,
    dims,
    randomFloats(dims, random).map(number => number / 8),
  );
}
