import { unfitShape } from '../../../../unfit-shape.ts';
import { EngineTensor } from '../../../tensor.ts';
import { allocate } from '../../allocate.ts';
import type { Kernel, Value } from '../../kernel.ts';
import { type PreparedMatrix, prepareMatrix } from '../../matrix/prepare-matrix.ts';
import { timesPrepared } from '../../matrix/times-prepared.ts';

export type FloatTensor = EngineTensor & { type: 'float32'; data: Float32Array };

export interface RecurrentSettings {
  direction: string;
  hidden: number;
  /** The bound to which the gates' sums are clipped; 0 disables clipping. */
  clip: number;
}

/** The state of one record; each step changes it in place. */
export interface State {
  h: Float32Array;
  /** The cell state of an LSTM. */
  c: Float32Array;
}

/** The parts of a cell. All gates of a kind are contiguous. */
export interface CellParts<Settings> {
  settings: Settings;
  hidden: number;
  /** Clips a sum of a gate. */
  clip(sum: number): number;
  /** Biases of the input's part, then of the state's part; zeros if the model has none. */
  bias: Float32Array;
  /** The weights from an LSTM's cell to its gates, or `undefined`. */
  peepholes: Float32Array | undefined;
  /** Multiplies states, as rows, by the recurrent weights. */
  recurrence: PreparedMatrix;
}

/**
 * One step of one record.
 * @param fromInput - the input's part of the gates, without biases
 * @param fromState - the state's part of the gates, without biases
 */
export type Cell = (fromInput: Float32Array, fromState: Float32Array, state: State) => void;

export interface CellKind<Settings extends RecurrentSettings> {
  operator: string;
  gates: number;
  /** Whether ONNX Runtime adds biases and clips in one step. */
  clipsWithBiases: boolean;
  makeCell(parts: CellParts<Settings>): Cell;
}

/** The kernel of a recurrent operator: LSTM, GRU or RNN. Its weights are constants; the input is `[T, N, width]`. */
export function recurrentKernel<Settings extends RecurrentSettings>(
  kind: CellKind<Settings>,
): Kernel<Settings> {
  return (settings, [, w, r]) => {
    const { hidden, direction } = settings;
    const height = kind.gates * hidden;
    const directions = direction === 'bidirectional' ? 2 : 1;
    const matrices = Array.from({ length: directions }, (_, at) => ({
      input: prepareGates(w as FloatTensor, at, height),
      recurrence: prepareGates(r as FloatTensor, at, height),
    }));
    return (...inputs: Value[]) => {
      const [x, , , b, lengths, h, c, p] = inputs as (FloatTensor | undefined)[];
      const [steps, records, width] = x!.dims as [number, number, number];
      const expected = (w as FloatTensor).dims[2];
      if (x!.dims.length !== 3 || width !== expected) {
        throw new Error(
          `${kind.operator}: the input has shape [${x!.dims.join(', ')}]; expected [T, N, ${expected}]`,
        );
      }
      if (steps === 0 || records === 0) {
        // ONNX Runtime would crash.
        throw unfitShape(kind.operator);
      }
      const all = allocate(kind.operator, 'float32', [steps, directions, records, hidden]);
      const lastH = start(h, [directions, records, hidden]);
      const lastC = start(c, [directions, records, hidden]);
      const sequence = readLengths(kind.operator, lengths as EngineTensor | undefined, { steps, records });
      for (const [at, { input, recurrence }] of matrices.entries()) {
        const cell = kind.makeCell({
          settings,
          hidden,
          clip: clipBy(settings.clip, b !== undefined && kind.clipsWithBiases),
          bias: b === undefined ? new Float32Array(2 * height) : part(b.data, at, 2 * height),
          peepholes: p && part(p.data, at, 3 * hidden),
          recurrence,
        });
        const isReverse = direction === 'reverse' || at === 1;
        const gates = inputGates(x!, input, height);
        const layer = { at, directions, steps, records, hidden, height, isReverse, sequence };
        runLayer(layer, { cell, recurrence, gates, all, lastH, lastC });
      }
      const state = [directions, records, hidden];
      return [
        new EngineTensor('float32', all, [steps, directions, records, hidden]),
        new EngineTensor('float32', lastH, state),
        new EngineTensor('float32', lastC, state),
      ];
    };
  };
}

interface Layer {
  at: number;
  directions: number;
  steps: number;
  records: number;
  hidden: number;
  height: number;
  isReverse: boolean;
  sequence: number[];
}

function runLayer(
  { at, directions, steps, records, hidden, height, isReverse, sequence }: Layer,
  {
    cell,
    recurrence,
    gates,
    all,
    lastH,
    lastC,
  }: {
    cell: Cell;
    recurrence: PreparedMatrix;
    gates: Float32Array;
    all: Float32Array;
    lastH: Float32Array;
    lastC: Float32Array;
  },
): void {
  const states = Array.from({ length: records }, (_, record): State => {
    const from = (at * records + record) * hidden;
    return { h: lastH.subarray(from, from + hidden), c: lastC.subarray(from, from + hidden) };
  });
  for (let step = 0; step < steps; step++) {
    timesPrepared(
      recurrence,
      records,
      (rows, first, count) => {
        for (let i = 0; i < count; i++) {
          rows.set(states[first + i]!.h, i * hidden);
        }
      },
      (products, first, count) => {
        // Copied because cells may multiply again, into the same memory.
        const fromStates = products.slice(0, count * recurrence.stride);
        for (let i = 0; i < count; i++) {
          const record = first + i;
          const length = sequence[record]!;
          if (step >= length) {
            continue;
          }
          const time = isReverse ? length - 1 - step : step;
          const from = (time * records + record) * height;
          const fromState = fromStates.subarray(i * recurrence.stride, i * recurrence.stride + height);
          cell(gates.subarray(from, from + height), fromState, states[record]!);
          all.set(states[record]!.h, ((time * directions + at) * records + record) * hidden);
        }
      },
    );
  }
  for (const [record, { h, c }] of states.entries()) {
    if (sequence[record] === 0) {
      h.fill(0);
      c.fill(0);
    }
  }
}

/** Computes the input's part of all gates of all steps in one product. */
function inputGates({ data, dims }: FloatTensor, matrix: PreparedMatrix, height: number): Float32Array {
  const width = dims[2]!;
  const rowCount = dims[0]! * dims[1]!;
  const gates = new Float32Array(rowCount * height);
  timesPrepared(
    matrix,
    rowCount,
    (rows, first, count) => rows.set(data.subarray(first * width, (first + count) * width)),
    (products, first, count) => {
      for (let i = 0; i < count; i++) {
        gates.set(products.subarray(i * matrix.stride, i * matrix.stride + height), (first + i) * height);
      }
    },
  );
  return gates;
}

function prepareGates({ data, dims }: FloatTensor, at: number, height: number): PreparedMatrix {
  const depth = dims[2]!;
  return prepareMatrix({
    data,
    depth,
    columns: height,
    offset: at * height * depth,
    rowStride: 1,
    columnStride: depth,
  });
}

/** Adds the biases of the input's part and the state's part of all gates, as ONNX Runtime does beforehand. */
export function addBiases(bias: Float32Array, height: number): Float32Array {
  return bias.subarray(0, height).map((value, at) => value + bias[height + at]!);
}

/** Copies the initial state, or returns zeros. */
function start(given: FloatTensor | undefined, dims: number[]): Float32Array {
  return given === undefined
    ? new Float32Array(dims.reduce((product, size) => product * size, 1))
    : (given.data.slice() as Float32Array);
}

function part(data: Float32Array, at: number, size: number): Float32Array {
  return data.subarray(at * size, (at + 1) * size);
}

function readLengths(
  operator: string,
  lengths: EngineTensor | undefined,
  { steps, records }: { steps: number; records: number },
): number[] {
  if (lengths === undefined) {
    return new Array(records).fill(steps);
  }
  const all = Array.from(lengths.data as Int32Array);
  const wrong = all.find(length => length < 0 || length > steps);
  if (all.length !== records || wrong !== undefined) {
    throw new Error(
      `${operator}: sequence_lens has ${all.length} lengths, from 0 to ${steps}, for ${records} records`,
    );
  }
  return all;
}

/** Where it adds biases, ONNX Runtime clips in any case, and NaN becomes the bound. */
function clipBy(clip: number, addsBiases: boolean): CellParts<unknown>['clip'] {
  if (!addsBiases) {
    return clip === 0 ? value => value : value => Math.max(-clip, Math.min(value, clip));
  }
  const bound = clip === 0 ? 3.4028234663852886e38 : clip;
  return value => {
    const most = value < bound ? value : bound;
    return most < -bound ? -bound : most;
  };
}
