import { largestDifference } from '../../../bench/engines/differences.ts';
import { openOracle } from '../../../bench/engines/oracle.ts';
import { compileModel } from '../../../lib/model/compile/compile.ts';
import type { FunctionProto, NodeProto, TensorProto } from '../../../lib/model/onnx_pb.ts';
import { seededRandom } from '../../../lib/model/press/random-inputs.ts';
import { decodeModel } from '../../../lib/model/read.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { openProgram } from '../../../lib/runtime/engine/compiled/open-program.ts';
import type { Session } from '../../../lib/runtime/engine/session.ts';
import { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import { floats, graph, model, tensorType, value } from '../build-model.ts';

/** A model of a few nodes, from inputs of float32 to outputs of any type, with their dimensions. */
export interface Operator {
  nodes: NodeProto[];
  inputs: Record<string, number[]>;
  constants?: TensorProto[];
  outputs: string[];
  opset?: number;
  /** Of the model itself, in the domain `own`. */
  functions?: FunctionProto[];
}

export function encode({
  nodes,
  inputs,
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
          'FLOAT',
          dims.map(() => null),
        ),
      ),
    ),
    initializer: constants,
    // The engine knows their types.
    output: outputs.map(name => value(name, undefined)),
  });
  return Buffer.concat(encodeModel(model(main, { '': opset, own: 1 }, { functions })));
}

export function compiled(bytes: Buffer): Session {
  const { program, weights } = compileModel(decodeModel(bytes, 'model.onnx'), []);
  return openProgram(program, new Uint8Array(weights));
}

/** The same random inputs, in sixteenths, to both engines: how far apart the answers are. */
export function difference(operator: Operator): { text: string; isClose: boolean } {
  const bytes = encode(operator);
  const oracle = openOracle(bytes);
  if (typeof oracle === 'string') {
    throw new Error(oracle);
  }
  const random = seededRandom(1);
  const inputs = new Map(
    Object.entries(operator.inputs).map(([name, dims]): [string, EngineTensor] => [
      name,
      new EngineTensor('float32', randomFloats(dims, random), dims),
    ]),
  );
  const expected = oracle.run(inputs, operator.outputs);
  oracle.close();
  const { text, isClose } = largestDifference(
    operator.outputs,
    expected,
    compiled(bytes).run(inputs, operator.outputs),
  );
  return { text, isClose };
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
