import { arrayTypes } from '../../contract/arrays.ts';
import type { Parameter, Section, Step } from '../../contract/program.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import type { Compiled } from '../compile/compile.ts';

/** The values that a compiled model's decisions depend on: thresholds, keys, categories, words. */
export interface EdgeValues {
  numbers: number[];
  /** Thresholds by column, for inputs that trees use directly. */
  columns: Map<string, number[][]>;
  integers: bigint[];
  strings: string[];
  /** Whether strings are texts of several words. */
  isText: boolean;
}

/** Maximum values collected per kind: a forest has hundreds of thousands of thresholds. */
const most = 4096;

/** Collects decision values from a program's settings: inputs at, below or above one reveal differences of kernels. */
export function edgeValues({ program, weights }: Compiled): EdgeValues {
  const view = ({ type, offset, length }: Section): TensorData =>
    new arrayTypes[type](weights.buffer as ArrayBuffer, weights.byteOffset + offset, length);
  const values: EdgeValues = { numbers: [], columns: new Map(), integers: [], strings: [], isText: false };
  for (const step of program.graph.steps) {
    for (const parameter of Object.values(step.parameters)) {
      addParameter(values, parameter, view);
    }
    values.isText ||= step.kernel === 'tfIdfVectorizer';
    const input = program.inputs[program.graph.inputs.indexOf(step.inputs[0] ?? -1)];
    if (input !== undefined && isEnsemble(step)) {
      values.columns.set(input, thresholdsByColumn(step, view));
    }
  }
  for (const { data } of program.constants) {
    addParameter(values, Array.isArray(data) ? data : { section: data }, view);
  }
  return values;
}

function addParameter(
  values: EdgeValues,
  parameter: Parameter,
  view: (section: Section) => TensorData,
): void {
  if (typeof parameter === 'number') {
    values.numbers.push(parameter);
  } else if (Array.isArray(parameter)) {
    const strings = parameter.filter(value => typeof value === 'string');
    values.strings.push(...thin(strings, most - values.strings.length));
  } else if (typeof parameter === 'object' && parameter !== null && 'section' in parameter) {
    const data = view(parameter.section);
    if (data instanceof Float32Array || data instanceof Float64Array) {
      values.numbers.push(...thin(Array.from(data), most - values.numbers.length));
    } else if (data instanceof BigInt64Array) {
      values.integers.push(...thin(Array.from(data), most - values.integers.length));
    }
  }
}

/** Returns at most `count` items, spread evenly over the list. */
function thin<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, list.length / Math.max(count, 1));
  const taken: T[] = [];
  for (let i = 0; i < list.length && taken.length < count; i += step) {
    taken.push(list[Math.floor(i)]!);
  }
  return taken;
}

function isEnsemble({ parameters }: Step): boolean {
  return 'roots' in parameters && 'features' in parameters && 'values' in parameters;
}

function thresholdsByColumn({ parameters }: Step, view: (section: Section) => TensorData): number[][] {
  const [features, values] = [parameters.features, parameters.values].map(parameter =>
    view((parameter as { section: Section }).section),
  ) as [Int16Array, Float32Array];
  const columns: number[][] = [];
  for (const [node, feature] of features.entries()) {
    if (feature >= 0) {
      columns[feature] ??= [];
      columns[feature]!.push(values[node]!);
    }
  }
  return columns;
}
