import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float64Array };

interface LinkSettings {
  /** The precision in which the library computes. */
  type: 'float32' | 'float64';
  link: string;
  sigmoid: number;
}

/** Returns the sums, unchanged or passed through the objective's function: `[N]`, or `[N, targets]`. */
export const boosterPrediction: Kernel<LinkSettings> = ({ link, sigmoid, type: precision }) => {
  const transform = transforms(sigmoid, precision)[link]!;
  return ({ type, data, dims }: FloatTensor) => [
    new EngineTensor(type, mapped(data, transform), dims[1] === 1 ? [dims[0]!] : dims),
  ];
};

function transforms(sigmoid: number, type: 'float32' | 'float64'): Record<string, (sum: number) => number> {
  return {
    identity: sum => sum,
    square: sum => Math.sign(sum) * sum * sum,
    exp: Math.exp,
    log1pExp: sum => Math.log1p(Math.exp(sum)),
    sigmoid: logistic(sigmoid, type),
  };
}

function mapped(data: Float64Array, transform: (value: number) => number): Float64Array {
  const out = new (data.constructor as Float64ArrayConstructor)(data.length);
  for (let i = 0; i < data.length; i++) {
    out[i] = transform(data[i]!);
  }
  return out;
}

/** Rounds each step to a 32-bit float, because the other class's probability is 1 minus this one. */
function logistic(sigmoid: number, type: 'float32' | 'float64'): (sum: number) => number {
  return type === 'float64'
    ? sum => 1 / (1 + Math.exp(-sigmoid * sum))
    : sum => Math.fround(1 / Math.fround(Math.fround(Math.exp(Math.min(-sum, 88.7))) + 1));
}

/** Returns two outputs: the index of the likeliest class, `[N]`, and the probability of each, `[N, classes]`. */
export const boosterClasses: Kernel<LinkSettings> = ({ link, sigmoid, type }) => {
  const probability = logistic(sigmoid, type);
  const probabilitiesOf = {
    binary: (sums: FloatTensor) => binary(sums, probability),
    hinge: (sums: FloatTensor) => binary(sums, sum => (sum > 0 ? 1 : 0)),
    softmax,
    oneAgainstAll: (sums: FloatTensor) => mapped(sums.data, probability),
  }[link]!;
  return (sums: FloatTensor) => {
    const rows = sums.dims[0]!;
    const classes = Math.max(2, sums.dims[1]!);
    const probabilities = probabilitiesOf(sums);
    const labels = new BigInt64Array(rows);
    for (let row = 0; row < rows; row++) {
      let best = 0;
      for (let i = 1; i < classes; i++) {
        best = probabilities[row * classes + i]! > probabilities[row * classes + best]! ? i : best;
      }
      labels[row] = BigInt(best);
    }
    return [
      new EngineTensor('int64', labels, [rows]),
      new EngineTensor(sums.type, probabilities, [rows, classes]),
    ];
  };
};

/** Computes the probability of the second class; the first class gets the remainder. */
function binary({ data }: FloatTensor, probability: (sum: number) => number): Float64Array {
  const out = new (data.constructor as Float64ArrayConstructor)(2 * data.length);
  for (let row = 0; row < data.length; row++) {
    out[2 * row + 1] = probability(data[row]!);
    out[2 * row] = 1 - out[2 * row + 1]!;
  }
  return out;
}

function softmax({ data, dims: [rows, classes] }: FloatTensor): Float64Array {
  const out = data.slice() as Float64Array;
  for (let row = 0; row < rows!; row++) {
    const part = out.subarray(row * classes!, (row + 1) * classes!);
    const most = part.reduce((greatest, value) => Math.max(greatest, value), Number.NEGATIVE_INFINITY);
    let total = 0;
    for (let i = 0; i < part.length; i++) {
      part[i] = Math.exp(part[i]! - most);
      total += part[i]!;
    }
    for (let i = 0; i < part.length; i++) {
      part[i] = part[i]! / total;
    }
  }
  return out;
}
