import { join } from 'node:path';
import { PROGRAM_FILE } from '../../contract/files.ts';
import { engineNameOf } from '../../contract/manifest.ts';
import { countRows } from '../../contract/signature.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import type { Compiled } from '../compile/compile.ts';
import { NotCovered } from '../compile/not-covered.ts';
import { compareOutputs, describeDifference } from './compare.ts';
import type { CompileOptions } from './compile-options.ts';
import { edgeInputs } from './edge-inputs.ts';
import { edgeValues } from './edge-values.ts';
import { describeFailure, type EngineProcess, type EngineResult, expectAnswer } from './engine-process.ts';
import { shareEngine } from './shared-engine.ts';

/** Much stricter than for an optimised graph: a kernel computes exactly like the engine, or it is wrong. */
const tolerance: Tolerance = { relative: 1e-6, absolute: 1e-7 };
/** With more threads, ONNX Runtime adds numbers in another order each time. */
const oneThread = { intraOpNumThreads: 1, interOpNumThreads: 1 };
const seed = 2;
/**
 * Cost of a kernel's multiply-add relative to one of a matrix product, until the first answer, as measured by
 * bench/engines/work.ts. Kernels of whole numbers and recurrent layers are plain JavaScript.
 */
const costs: Readonly<Record<string, number>> = {
  conv: 5,
  convInteger: 20,
  gru: 20,
  lstm: 20,
  matMulInteger: 20,
  qLinearConv: 20,
  qLinearMatMul: 20,
  rnn: 20,
};
/** Maximum multiply-adds of the proof, in each engine: about a second. */
const mostProofWork = 4e9;

/**
 * Proves that a compiled model gives the reference's answers: to inputs that the reference has answered, and to others
 * on the edges of the model's decisions. Both must reject the same inputs.
 * @throws NotCovered for the first difference, or if a row takes more work than allowed
 */
export async function proveCompiled(
  compiled: Compiled,
  {
    outDir,
    reference,
    signature,
    vectors,
    refusal,
    limits,
    mostWork = Number.POSITIVE_INFINITY,
  }: CompileOptions,
): Promise<void> {
  const [first] = vectors;
  if (first === undefined) {
    throw new NotCovered('proof', `nothing could be proven: ${refusal}`);
  }
  const path = join(outDir, PROGRAM_FILE);
  const candidate = shareEngine(limits, { engine: 'compiled' });
  const oracle = shareEngine(limits, { env: reference.env });
  try {
    const { path: referencePath, options } = reference;
    const [opened, reopened] = await Promise.all([
      candidate.request({ op: 'open', engine: 'compiled', path }),
      oracle.request({ op: 'open', path: referencePath, options: { ...options, ...oneThread } }),
    ]);
    if (opened.kind !== 'answered') {
      throw new NotCovered('proof', describeFailure(opened));
    }
    const rowWork = await workOfRow(candidate, { path, inputs: first.inputs, signature }, mostWork);
    expectAnswer(reopened, 'open the model');
    const edges = edgeInputs(signature, first.inputs, { values: edgeValues(compiled), seed });
    const names = signature.outputs.map(engineNameOf);
    let work = 0;
    for (const inputs of [...vectors.map(vector => vector.inputs), ...edges]) {
      work += rowWork * rowsOf(signature, inputs);
      if (work > mostProofWork && inputs !== first.inputs) {
        continue;
      }
      await proveAnswer({ oracle, candidate }, inputs, names);
    }
  } finally {
    candidate.close();
    oracle.close();
  }
}

async function proveAnswer(
  { oracle, candidate }: { oracle: EngineProcess; candidate: EngineProcess },
  inputs: ProbeTensor[],
  outputs: string[],
): Promise<void> {
  const request = { op: 'run', inputs, outputs } as const;
  const [expected, actual] = await Promise.all([oracle.request(request), candidate.request(request)]);
  const difference = differenceOf(expected, actual);
  if (difference !== undefined) {
    throw new NotCovered('proof', difference);
  }
}

function differenceOf(expected: EngineResult, actual: EngineResult): string | undefined {
  if (expected.kind === 'died') {
    return `ONNX Runtime died: ${expected.detail}`;
  }
  if (actual.kind === 'died') {
    return actual.detail;
  }
  if (expected.kind === 'refused' || actual.kind === 'refused') {
    return expected.kind === actual.kind
      ? undefined
      : `of the two engines one refuses: ${describeRefusal(expected, actual)}`;
  }
  const difference = compareOutputs(expected.tensors, actual.tensors, tolerance);
  return difference && describeDifference(difference);
}

function describeRefusal(expected: EngineResult, actual: EngineResult): string {
  return [expected, actual].flatMap(result => (result.kind === 'refused' ? result.message : [])).join('');
}

/** Returns the multiply-adds per row. @throws NotCovered if they cost more than `most` of a matrix product */
async function workOfRow(
  candidate: EngineProcess,
  {
    path,
    inputs,
    signature,
  }: { path: string; inputs: ProbeTensor[]; signature: CompileOptions['signature'] },
  most: number,
): Promise<number> {
  const counted = await candidate.request({ op: 'count', path, inputs });
  if (counted.kind !== 'answered') {
    throw new NotCovered('proof', describeFailure(counted));
  }
  const works = [...(counted.work ?? [])].sort((a, b) => b[1] - a[1]);
  const rows = Math.max(1, rowsOf(signature, inputs));
  const sumOf = (weigh: (kernel: string, work: number) => number) =>
    works.reduce((sum, [kernel, work]) => sum + weigh(kernel, work), 0) / rows;
  const total = sumOf((_, work) => work);
  if (sumOf((kernel, work) => work * (costs[kernel] ?? 1)) > most) {
    const size = total >= 1e9 ? `${(total / 1e9).toFixed(1)} G` : `${(total / 1e6).toFixed(0)} M`;
    throw new NotCovered(works[0]![0], `ONNX Runtime answers ${size} multiply-adds a row sooner`);
  }
  return total;
}

function rowsOf({ inputs: specs }: CompileOptions['signature'], inputs: ProbeTensor[]): number {
  return Math.max(
    1,
    ...specs.map(spec => {
      const dims = inputs.find(({ name }) => name === engineNameOf(spec))?.dims;
      return dims === undefined ? 1 : countRows(spec, dims);
    }),
  );
}
