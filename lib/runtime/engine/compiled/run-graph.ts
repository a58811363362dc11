import type { Graph, Parameter, Section, Step } from '../../../contract/program.ts';
import type { TensorData } from '../../../contract/tensor-data.ts';
import type { Kernel, Run, Setting, Value } from './kernel.ts';

/** The parts that a graph needs to run. */
export interface Parts {
  kernels: Readonly<Record<string, Kernel>>;
  constants: readonly Value[];
  view(section: Section): TensorData;
}

type ReadyStep = Pick<Step, 'inputs' | 'outputs' | 'release' | 'onRequest'> & { run: Run };

/** Runs a graph. `wanted` selects outputs by index: steps on request run only if they need them. */
export type RunOutputs = (inputs: readonly Value[], wanted?: readonly number[]) => Value[];

/** Makes a graph ready to run: each step's kernel receives the values known beforehand. */
export function readyGraph(graph: Graph, parts: Parts): RunOutputs {
  const constants: Value[] = new Array(graph.slots).fill(undefined);
  for (const [slot, index] of graph.constants) {
    constants[slot] = parts.constants[index];
  }
  const all = graph.steps.map(step => readyStep(step, parts, constants));
  const { inputs: inputSlots, outputs: outputSlots } = graph;
  const stepsOf = stepsByOutputs(all, outputSlots);
  return (inputs, wanted) => {
    const values = constants.slice();
    for (let i = 0; i < inputSlots.length; i++) {
      values[inputSlots[i]!] = inputs[i];
    }
    for (const { run, inputs: from, outputs: to, release } of wanted === undefined ? all : stepsOf(wanted)) {
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

/** Returns the steps to run for some outputs, computed once for each selection. */
function stepsByOutputs(
  steps: readonly ReadyStep[],
  outputSlots: readonly number[],
): (wanted: readonly number[]) => readonly ReadyStep[] {
  const found = new Map<string, readonly ReadyStep[]>();
  return wanted => {
    const key = wanted.join();
    const known = found.get(key);
    if (known !== undefined) {
      return known;
    }
    const needed = new Set(wanted.map(index => outputSlots[index]!));
    const own: ReadyStep[] = [];
    for (const step of steps.toReversed()) {
      if (!step.onRequest || step.outputs.some(slot => needed.has(slot))) {
        own.unshift(step);
        for (const slot of step.inputs) {
          needed.add(slot);
        }
      }
    }
    found.set(key, own);
    return own;
  };
}

function readyStep(
  { kernel: name, inputs, outputs, parameters, release, onRequest }: Step,
  parts: Parts,
  constants: readonly Value[],
): ReadyStep {
  const kernel = Object.hasOwn(parts.kernels, name) ? parts.kernels[name] : undefined;
  if (kernel === undefined) {
    throw new Error(`this function carries no kernel ${name}; pack the model again`);
  }
  const ready = () =>
    kernel(
      readySettings(parameters, parts),
      inputs.map(slot => constants[slot]),
    );
  return onRequest
    ? { run: whenFirstRun(ready), inputs, outputs, release, onRequest }
    : { run: ready(), inputs, outputs, release };
}

/** Prepares a step when it first runs, because most functions never run the steps on request. */
function whenFirstRun(ready: () => Run): Run {
  let run: Run | undefined;
  return (...inputs) => {
    run ??= ready();
    return run(...inputs);
  };
}

function readySettings(parameters: Step['parameters'], parts: Parts): Record<string, Setting> {
  const settings: Record<string, Setting> = {};
  for (const key of Object.keys(parameters)) {
    settings[key] = readySetting(parameters[key]!, parts);
  }
  return settings;
}

function readySetting(parameter: Parameter, parts: Parts): Setting {
  if (typeof parameter !== 'object' || parameter === null || Array.isArray(parameter)) {
    return parameter;
  }
  return 'section' in parameter ? parts.view(parameter.section) : readyGraph(parameter.graph, parts);
}
