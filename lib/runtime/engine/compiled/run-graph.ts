import type { Graph, Parameter, Section, Step } from '../../../contract/program.ts';
import type { TensorData } from '../../../contract/tensor-data.ts';
import type { Kernel, Run, RunGraph, Setting, Value } from './kernel.ts';

/** What a graph is made of. */
export interface Parts {
  kernels: Readonly<Record<string, Kernel>>;
  constants: readonly Value[];
  view(section: Section): TensorData;
}

type ReadyStep = Pick<Step, 'inputs' | 'outputs' | 'release'> & { run: Run };

/** Makes a graph ready to run: every step's kernel is told what it may know beforehand. */
export function readyGraph(graph: Graph, parts: Parts): RunGraph {
  const constants: Value[] = new Array(graph.slots).fill(undefined);
  for (const [slot, index] of graph.constants) {
    constants[slot] = parts.constants[index];
  }
  const steps = graph.steps.map(step => readyStep(step, parts, constants));
  const { inputs: inputSlots, outputs: outputSlots } = graph;
  return inputs => {
    const values = constants.slice();
    for (let i = 0; i < inputSlots.length; i++) {
      values[inputSlots[i]!] = inputs[i];
    }
    for (const { run, inputs: from, outputs: to, release } of steps) {
      const results = (run as (...inputs: Value[]) => readonly Value[])(...from.map(slot => values[slot]));
      for (let i = 0; i < to.length; i++) {
        values[to[i]!] = results[i];
      }
      for (const slot of release) {
        values[slot] = undefined;
      }
    }
    return outputSlots.map(slot => values[slot]);
  };
}

function readyStep(
  { kernel: name, inputs, outputs, parameters, release }: Step,
  parts: Parts,
  constants: readonly Value[],
): ReadyStep {
  const kernel = Object.hasOwn(parts.kernels, name) ? parts.kernels[name] : undefined;
  if (kernel === undefined) {
    throw new Error(`this function carries no kernel ${name}; pack the model again`);
  }
  const settings = Object.fromEntries(
    Object.entries(parameters).map(([key, parameter]) => [key, readySetting(parameter, parts)]),
  );
  const run = kernel(
    settings,
    inputs.map(slot => constants[slot]),
  );
  return { run, inputs, outputs, release };
}

function readySetting(parameter: Parameter, parts: Parts): Setting {
  if (typeof parameter !== 'object' || parameter === null || Array.isArray(parameter)) {
    return parameter;
  }
  return 'section' in parameter ? parts.view(parameter.section) : readyGraph(parameter.graph, parts);
}
