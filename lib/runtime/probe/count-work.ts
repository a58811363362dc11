import { readFileSync } from 'node:fs';
import type { Program } from '../../contract/program.ts';
import type { Kernel, Value } from '../engine/compiled/kernel.ts';
import * as kernels from '../engine/compiled/kernels/index.ts';
import { readWeights } from '../engine/compiled/open.ts';
import { openProgram } from '../engine/compiled/open-program.ts';
import { elementCount } from '../engine/compiled/shape.ts';
import type { EngineTensor } from '../engine/tensor.ts';

type CountWork = (inputs: EngineTensor[], output: EngineTensor, settings: Record<string, unknown>) => number;

const product: CountWork = ([a], output) => output.data.length * (a?.dims.at(-1) ?? 1);
const convolution: CountWork = ([, weights], output) =>
  output.data.length * elementCount(weights?.dims.slice(1) ?? []);
const recurrent: CountWork = ([x, w, r]) =>
  (x?.dims[0] ?? 1) * (x?.dims[1] ?? 1) * ((w?.data.length ?? 0) + (r?.data.length ?? 0));
/** The approximate number of tree levels that a row passes through. */
const depth = 12;
const trees: CountWork = ([x], _, { roots }) => (x?.dims[0] ?? 1) * depth * (roots as Int32Array).length;

/** Multiply-adds of the kernels that need more than one per element. */
const works: Record<string, CountWork> = {
  conv: convolution,
  convInteger: convolution,
  gemm: ([a], output, { isLeftTransposed }) =>
    output.data.length * ((isLeftTransposed ? a?.dims[0] : a?.dims[1]) ?? 1),
  gru: recurrent,
  linearClassifier: ([x], _, { coefficients }) => (x?.dims[0] ?? 1) * (coefficients as Float32Array).length,
  lstm: recurrent,
  matMul: product,
  matMulInteger: product,
  qLinearConv: convolution,
  qLinearMatMul: product,
  rnn: recurrent,
  treeEnsembleClassifier: trees,
  treeEnsembleRegressor: trees,
};

/** Runs a compiled model once and counts its multiply-adds per kernel. */
export function countWork(path: string, inputs: Map<string, EngineTensor>): Map<string, number> {
  const counts = new Map<string, number>();
  const counting = Object.fromEntries(
    Object.entries(kernels as Record<string, Kernel>).map(([name, kernel]): [string, Kernel] => [
      name,
      (settings, constants) => {
        const run = kernel(settings, constants) as (...inputs: Value[]) => readonly Value[];
        return (...values: Value[]) => {
          const outputs = run(...values);
          counts.set(name, (counts.get(name) ?? 0) + workOf(name, { values, outputs, settings }));
          return outputs;
        };
      },
    ]),
  );
  const program: Program = JSON.parse(readFileSync(path, 'utf8'));
  openProgram(program, readWeights(path, program), counting).run(inputs, program.outputs);
  return counts;
}

function workOf(
  name: string,
  {
    values,
    outputs,
    settings,
  }: { values: Value[]; outputs: readonly Value[]; settings: Record<string, unknown> },
): number {
  const [output] = outputs;
  if (output === undefined || Array.isArray(output)) {
    return 0;
  }
  const work = Object.hasOwn(works, name) ? works[name] : undefined;
  return work === undefined ? output.data.length : work(values as EngineTensor[], output, settings);
}
