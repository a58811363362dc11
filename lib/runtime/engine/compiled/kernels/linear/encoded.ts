import type { TensorType } from '../../../../../contract/tensor-data.ts';
import type { EngineTensor } from '../../../tensor.ts';
import type { Kernel, RunGraph, Value } from '../../kernel.ts';
import { lanes, partDepthOf, sumLanes } from '../../matrix/sum-order.ts';
import { categoryFinder, type FindCategories } from '../category-finder.ts';
import { type ClassifierSettings, classifyBy, productsOf } from './classifier.ts';
import { startingAt } from './dot-rows.ts';
import { type RegressorSettings, targetTensor } from './regressor.ts';

/**
 * A linear model with the one-hot encoders before it: an encoded column adds the coefficient of its category, and the
 * zeros of all others are never multiplied. `lib/model/compile/fuse-encoders.ts` makes such steps.
 */
interface EncodedSettings {
  /** For each input that is encoded the column of its categories; -1 if it must be the only one. */
  places: number[];
  /** Whether all encoders accept unknown categories. */
  zeros: boolean;
  /** The steps that this one replaces. They run for inputs of other shapes, and to reject what an encoder rejects. */
  plain: RunGraph;
  /** `categories0` and so on: the categories of each input; without them it is numbers. */
  [categories: `categories${number}`]: BigInt64Array | string[] | undefined;
}

interface Encoder {
  place: number;
  size: number;
  types: readonly TensorType[];
  /** Whether unknown categories are accepted. */
  zeros: boolean;
  find: FindCategories;
}

const { fround } = Math;

export const encodedClassifier: Kernel<ClassifierSettings & EncodedSettings> = settings => {
  const sum = sumEncoded(settings, settings.intercepts.length, productsOf(settings));
  const classify = classifyBy(settings);
  return (...inputs: EngineTensor[]) => {
    const sums = sum(inputs);
    return sums === undefined ? settings.plain(inputs) : classify(sums);
  };
};

export const encodedRegressor: Kernel<RegressorSettings & EncodedSettings> = settings => {
  const sum = sumEncoded(settings, settings.targets, settings.targets);
  return (...inputs: EngineTensor[]): readonly Value[] => {
    const sums = sum(inputs);
    return sums === undefined ? settings.plain(inputs) : [targetTensor(sums, settings)];
  };
};

/**
 * Returns a function that computes `count` sums for each row; `undefined` if the plain steps have to.
 * @param together - see `Weights`
 */
function sumEncoded(
  settings: EncodedSettings & { coefficients: Float32Array; intercepts: Float32Array | null },
  count: number,
  together: number,
): (inputs: readonly EngineTensor[]) => Float32Array | undefined {
  const { places, zeros, coefficients, intercepts } = settings;
  const columns = coefficients.length / count;
  const table = tableOf(coefficients, count);
  const partDepth = partDepthOf(together, columns);
  const inLanes: SumOrder = { mask: lanes - 1, shift: 0 };
  const inParts: SumOrder = { mask: -1, shift: Math.log2(partDepth) };
  const encoders = places.map((place, index): Encoder | undefined => {
    const categories = settings[`categories${index}`];
    return (
      categories && {
        place,
        size: categories.length,
        zeros,
        types: Array.isArray(categories) ? ['string'] : ['int64', 'float32', 'float64', 'int32'],
        find: categoryFinder(categories),
      }
    );
  });
  return inputs => {
    const rows = inputs[0]!.dims[0]!;
    const order = rows === 1 ? inLanes : inParts;
    const slots = rows === 1 ? lanes : Math.floor(columns / partDepth) + 1;
    const sums = new Float32Array(slots * rows * count);
    let first = 0;
    for (const [index, encoder] of encoders.entries()) {
      const input = inputs[index]!;
      const to = { sums, order, count, table, columns, first };
      if (input.dims.length !== 2 || input.dims[0] !== rows) {
        return undefined;
      }
      const isAdded = encoder === undefined ? addProducts(input, to) : addCoefficients(input, encoder, to);
      if (!isAdded) {
        return undefined;
      }
      first += encoder?.size ?? input.dims[1]!;
    }
    if (first !== columns) {
      return undefined;
    }
    const out = startingAt(intercepts ?? 0, rows, count);
    return rows === 1 ? addLanes(sums, out, together) : addParts(sums, out);
  };
}

/** Sums of one row: all of the first lane, then all of the second, and so on. */
function addLanes(sums: Float32Array, out: Float32Array, together: number): Float32Array {
  const own = new Float32Array(lanes);
  for (let other = 0; other < out.length; other++) {
    for (let lane = 0; lane < lanes; lane++) {
      own[lane] = sums[lane * out.length + other]!;
    }
    out[other]! += sumLanes(own, other, together);
  }
  return out;
}

function addParts(sums: Float32Array, out: Float32Array): Float32Array {
  for (let part = 0; part < sums.length; part += out.length) {
    for (let at = 0; at < out.length; at++) {
      out[at]! += sums[part + at]!;
    }
  }
  return out;
}

/** Returns the coefficients column by column, with one for each sum, and zeros as a last column. */
function tableOf(coefficients: Float32Array, count: number): Float32Array {
  const table = new Float32Array(coefficients.length + count);
  const columns = coefficients.length / count;
  for (let i = 0; i < coefficients.length; i++) {
    table[(i % columns) * count + Math.floor(i / columns)] = coefficients[i]!;
  }
  return table;
}

/** ONNX Runtime's order: a column belongs to the sum `(column & mask) >> shift` of its row. */
interface SumOrder {
  mask: number;
  shift: number;
}

interface Sums {
  /** The first sums of all rows, then the second ones, and so on. */
  sums: Float32Array;
  order: SumOrder;
  /** Sums of each row. */
  count: number;
  /** See `tableOf`. */
  table: Float32Array;
  columns: number;
  /** The first column of an input. */
  first: number;
}

/** Adds an input of numbers. Returns whether it fits. */
function addProducts(
  { type, data, dims }: EngineTensor,
  { sums, order: { mask, shift }, count, table, columns, first }: Sums,
): boolean {
  const [rows, width] = dims as [number, number];
  if (type !== 'float32' || first + width > columns) {
    return false;
  }
  const x = data as Float32Array;
  for (let row = 0; row < rows; row++) {
    for (let other = 0; other < count; other++) {
      for (let column = first; column < first + width; ) {
        const at = (((column & mask) >> shift) * rows + row) * count + other;
        const end = Math.min(first + width, ((column >> shift) + 1) << shift);
        let sum = sums[at]!;
        for (; column < end; column++) {
          const product = x[row * width + column - first]! * table[column * count + other]!;
          sum = fround((rows === 1 ? fround(product) : product) + sum);
        }
        sums[at] = sum;
      }
    }
  }
  return true;
}

/** Adds an input of categories. Returns whether it fits, and the encoder accepts all of them. */
function addCoefficients(
  input: EngineTensor,
  { place, size, types, zeros, find }: Encoder,
  { sums, order: { mask, shift }, count, table, columns, first }: Sums,
): boolean {
  const width = input.dims[1]!;
  const isInside = place < 0 ? width === 1 : place < width;
  if (!isInside || !types.includes(input.type)) {
    return false;
  }
  const positions = find(input, Math.max(place, 0), width);
  if (!zeros && positions.includes(size)) {
    return false;
  }
  const rows = positions.length;
  for (let row = 0; row < rows; row++) {
    const position = positions[row]!;
    // Without a branch, which no CPU could predict: the last column for an unknown category.
    const column = columns + ((first + position - columns) & ((position - size) >> 31));
    let at = (((column & mask) >> shift) * rows + row) * count;
    for (let from = column * count; from < (column + 1) * count; from++, at++) {
      sums[at] = sums[at]! + table[from]!;
    }
  }
  return true;
}
