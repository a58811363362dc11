import { getAttribute, subgraphs } from '../attributes.ts';
import type { GraphProto, ModelProto, NodeProto } from '../onnx_pb.ts';
import { defaultOpset } from '../opsets.ts';
import type { DeclaredTensor } from './declared.ts';
import {
  axesOf,
  followNode,
  integersOf,
  ownAxis,
  type RowAxis,
  reductions,
  type Values,
} from './follow-rows.ts';

/** Operators that compute with all elements of their input at once, or run until the last record is done. */
const global = new Set([
  ...['DynamicQuantizeLinear', 'DynamicQuantizeMatMul', 'DynamicQuantizeLSTM'],
  ...['BeamSearch', 'GreedySearch', 'Sampling', 'WhisperBeamSearch'],
]);
const softmaxes = new Set(['Softmax', 'LogSoftmax', 'Hardmax']);
const recurrent = new Set(['LSTM', 'GRU', 'RNN']);

/**
 * Finds the first operator that computes one record's values from those of others, as far as the graph shows. It backs
 * up the proof by runs, which misses a dependence that the chosen values do not trigger.
 * @param inputs - with the axes that count their records
 * @returns the operator and its name; `undefined` if none is known to mix records
 */
export function findMixing(
  proto: ModelProto,
  inputs: readonly (DeclaredTensor & { rowAxis: number | null })[],
): string | undefined {
  const values: Values = {
    axes: new Map(),
    ranks: new Map(),
    constants: new Map(),
    opset: defaultOpset(proto) ?? 1,
  };
  for (const { name, engineName = name, rowAxis, shape } of inputs) {
    if (rowAxis !== null) {
      values.axes.set(engineName, shape === null ? 'unknown' : rowAxis);
    }
  }
  const bodies = new Map(proto.functions.map(body => [`${body.domain}.${body.name}`, body]));
  return proto.graph && inGraph(proto.graph, values);

  function inGraph(graph: GraphProto, outer: Values, goesOn?: string): string | undefined {
    const own = {
      ...outer,
      axes: new Map(outer.axes),
      ranks: new Map(outer.ranks),
      constants: new Map(outer.constants),
    };
    for (const tensor of graph.initializer) {
      own.constants.set(tensor.name, tensor);
      own.ranks.set(tensor.name, tensor.dims.length);
    }
    for (const { name, type } of [...graph.input, ...graph.valueInfo]) {
      const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined;
      if (shape !== undefined) {
        own.ranks.set(name, shape.dim.length);
      }
    }
    const found = inNodes(graph.node, own);
    return found ?? (goesOn !== undefined && own.axes.has(goesOn) ? 'Loop' : undefined);
  }

  function inNodes(nodes: readonly NodeProto[], known: Values): string | undefined {
    for (const node of nodes) {
      const isOfRecords = node.input.some(name => known.axes.has(name));
      const found = mixes(node, known) ? describe(node) : inside(node, known, isOfRecords);
      if (found !== undefined) {
        return found;
      }
      followNode(node, known);
      if (!isOfRecords && subgraphs(node).length > 0 && known.axes.size > 0) {
        // A body sees all values of the graphs around it.
        for (const name of node.output) {
          known.axes.set(name, 'unknown');
        }
      }
    }
    return undefined;
  }

  /** Searches the bodies of a node: branches, loops, the model's own functions. */
  function inside(node: NodeProto, known: Values, isOfRecords: boolean): string | undefined {
    const body = bodies.get(`${node.domain}.${node.opType}`);
    if (body !== undefined && isOfRecords) {
      const axes = new Map<string, RowAxis>(
        body.input.flatMap((name, index) => {
          const axis = known.axes.get(node.input[index] ?? '');
          return axis === undefined ? [] : [[name, axis]];
        }),
      );
      return inNodes(body.node, { ...known, axes, ranks: new Map(), constants: new Map() });
    }
    if (isTurnOfRecords(node, known)) {
      return seesOthers(node, known) ? describe(node) : undefined;
    }
    for (const graph of subgraphs(node)) {
      const axes = new Map(known.axes);
      if (isOfRecords) {
        for (const { name } of graph.input) {
          axes.set(name, 'unknown');
        }
      }
      // A loop decides for all records at once whether to continue.
      const goesOn = node.opType === 'Loop' ? graph.output[0]?.name : undefined;
      const found = inGraph(graph, { ...known, axes }, goesOn);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }
}

/** Whether a Scan runs one iteration per record. */
function isTurnOfRecords(node: NodeProto, { axes }: Values): boolean {
  const scanAxes = getAttribute(node, 'scan_input_axes')?.ints.map(Number) ?? [];
  return (
    node.opType === 'Scan' &&
    node.input.slice(stateCount(node)).some((name, index) => axes.get(name) === (scanAxes[index] ?? 0))
  );
}

function stateCount(node: NodeProto): number {
  return node.input.length - Number(getAttribute(node, 'num_scan_inputs')?.i ?? 0);
}

/** Whether an iteration for one record sees others: through the carried state, or through values around the body. */
function seesOthers(node: NodeProto, { axes }: Values): boolean {
  const [body] = subgraphs(node);
  const states = stateCount(node);
  const inputs = body?.input.map(({ name }) => name) ?? [];
  const ofRecord = new Set(inputs.slice(states));
  let reachesOut = node.input.slice(0, states).some(name => axes.has(name));
  for (const { input, output } of body?.node ?? []) {
    reachesOut ||= input.some(name => axes.has(name) && !inputs.includes(name));
    if (input.some(name => ofRecord.has(name))) {
      for (const name of output) {
        ofRecord.add(name);
      }
    }
  }
  return reachesOut || (body?.output.slice(0, states).some(({ name }) => ofRecord.has(name)) ?? true);
}

function describe({ opType, name }: NodeProto): string {
  return name === '' ? opType : `${opType} (${name})`;
}

function mixes(node: NodeProto, values: Values): boolean {
  const { opType, input } = node;
  const given = input.map(name => values.axes.get(name));
  const [axis] = given;
  const rank = values.ranks.get(input[0] ?? '');
  /** If the axis that counts the records is unknown, the first is suspected. */
  const isRows = (own: number) => own === (axis === 'unknown' ? 0 : axis);
  if (given.every(found => found === undefined)) {
    return false;
  }
  if (global.has(opType) || (opType === 'If' && axis !== undefined)) {
    return true;
  }
  if (opType === 'Loop') {
    return given[0] !== undefined || given[1] !== undefined;
  }
  if (opType === 'Einsum') {
    return contracts(node, given);
  }
  if (axis === undefined) {
    return false;
  }
  if (reductions.has(opType)) {
    return reduces(axesOf(node, values, 1), node, rank).some(isRows);
  }
  if (softmaxes.has(opType)) {
    const own = ownAxis(node, rank, values.opset < 13 ? 1 : -1);
    // Before opset 13, all dimensions from the axis on are treated as one.
    return values.opset < 13 && typeof axis === 'number' ? own <= axis : isRows(own);
  }
  switch (opType) {
    case 'ArgMax':
    case 'ArgMin':
      return isRows(ownAxis(node, rank));
    case 'TopK':
    case 'LpNormalization':
      return isRows(ownAxis(node, rank, -1));
    case 'CumSum':
      return (integersOf(input[1], values) ?? [0])
        .map(own => (own < 0 && rank ? own + rank : own))
        .some(isRows);
    case 'MeanVarianceNormalization':
      return (getAttribute(node, 'axes')?.ints.map(Number) ?? [0, 2, 3]).some(isRows);
    case 'BatchNormalization':
      return Number(getAttribute(node, 'training_mode')?.i ?? 0) !== 0;
    case 'Unique':
    case 'Compress':
      return getAttribute(node, 'axis') === undefined || isRows(ownAxis(node, rank));
    case 'ReverseSequence':
      return isRows(Number(getAttribute(node, 'time_axis')?.i ?? 0));
    case 'Gemm':
      return axis === (getAttribute(node, 'transA')?.i ? 0 : 1);
    case 'MatMul':
      return axis !== 'unknown' && rank !== undefined && axis === rank - 1;
    default:
      return recurrent.has(opType) && axis === (getAttribute(node, 'layout')?.i ? 1 : 0);
  }
}

/** Returns the axes that a reduction covers; if none are set, all of them. */
function reduces(axes: number[] | undefined, node: NodeProto, rank: number | undefined): number[] {
  if (axes === undefined || axes.length === 0) {
    return Number(getAttribute(node, 'noop_with_empty_axes')?.i ?? 0) !== 0
      ? []
      : [...Array(rank ?? 8).keys()];
  }
  return axes.map(own => (own < 0 && rank !== undefined ? own + rank : own));
}

/** Whether an equation sums over the dimension that counts records. */
function contracts(node: NodeProto, given: readonly (RowAxis | undefined)[]): boolean {
  const equation = Buffer.from(getAttribute(node, 'equation')?.s ?? [])
    .toString()
    .replaceAll(' ', '');
  const [terms = '', result] = equation.split('->');
  return terms.split(',').some((term, index) => {
    const axis = given[index];
    return (
      typeof axis === 'number' && result !== undefined && !term.includes('.') && !result.includes(term[axis]!)
    );
  });
}
