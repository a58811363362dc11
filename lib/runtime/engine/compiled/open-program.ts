import { arrayTypes } from '../../../contract/arrays.ts';
import type { Program, Section } from '../../../contract/program.ts';
import type { TensorData } from '../../../contract/tensor-data.ts';
import type { Session } from '../session.ts';
import { EngineTensor } from '../tensor.ts';
import * as usedKernels from './kernels/used.ts';
import { type Parts, readyGraph } from './run-graph.ts';

/** Bytes that begin at a multiple of 8 of their buffer. */
export type Weights = Uint8Array<ArrayBuffer>;

/** Opens a program with its weights; it uses no Node API. */
export function openProgram(
  program: Program,
  weights: Weights,
  kernels: Parts['kernels'] = usedKernels,
): Session {
  const view = ({ type, offset, length }: Section): TensorData =>
    new arrayTypes[type](weights.buffer, weights.byteOffset + offset, length);
  const constants = program.constants.map(
    ({ type, dims, data }) => new EngineTensor(type, Array.isArray(data) ? data : view(data), dims),
  );
  const run = readyGraph(program.graph, { kernels, constants, view });
  return {
    run(inputs, outputNames) {
      const wanted = outputNames.map(name => program.outputs.indexOf(name));
      const outputs = run(
        program.inputs.map(name => inputs.get(name)),
        wanted,
      );
      return wanted.map(index => outputs[index] as EngineTensor);
    },
    close() {},
  };
}
