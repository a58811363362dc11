import { arrayTypes } from '../../../../../contract/arrays.ts';
import { fromFloat16Bits, toFloat16Bits } from '../../../../../contract/float16.ts';
import type { TensorData, TensorType } from '../../../../../contract/tensor-data.ts';
import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { formatNumber, parseNumber } from './text.ts';

type Scalar = number | bigint | string;

/** https://onnx.ai/onnx/operators/onnx__Cast.html */
export const cast: Kernel<{ to: TensorType }> = ({ to }) => {
  const write = writer(to);
  return ({ type, data, dims }: EngineTensor) => {
    if (type === to) {
      return [new EngineTensor(type, data, dims)];
    }
    if (to === 'int64' && (type === 'float32' || type === 'float64')) {
      return [new EngineTensor(to, wholeNumbers(data as Float32Array), dims)];
    }
    const read = reader(type, to);
    const out: TensorData =
      to === 'string' ? new Array<string>(data.length) : new arrayTypes[to](data.length);
    for (let i = 0; i < data.length; i++) {
      out[i] = write(read(data[i]!)) as never;
    }
    return [new EngineTensor(to, out, dims)];
  };
};

/** Writes 64-bit integers by halves, because making a bigint of each would take most of the time. */
function wholeNumbers(data: Float32Array): BigInt64Array {
  const out = new BigInt64Array(data.length);
  const halves = new Int32Array(out.buffer);
  for (let i = 0; i < data.length; i++) {
    const whole = Math.trunc(data[i]!);
    if (whole >= -(2 ** 63) && whole < 2 ** 63) {
      halves[2 * i] = whole;
      halves[2 * i + 1] = Math.floor(whole / 2 ** 32);
    } else {
      halves[2 * i + 1] = -(2 ** 31);
    }
  }
  return out;
}

/** Returns a function that reads an element: as a number, a bigint for 64-bit types, or text if the target is text. */
function reader(from: TensorType, to: TensorType): (value: Scalar) => Scalar {
  if (to === 'string') {
    return value => formatNumber(from === 'float16' ? fromFloat16Bits(value as number) : value, from);
  }
  switch (from) {
    case 'string':
      return value => parseNumber(value as string, to);
    case 'float16':
      return value => fromFloat16Bits(value as number);
    default:
      return value => value;
  }
}

/** Returns a function that converts a value to what the type's array stores; integer arrays wrap by themselves. */
function writer(to: TensorType): (value: Scalar) => Scalar {
  switch (to) {
    case 'string':
      return value => value;
    case 'bool':
      return value => Number(Number(value) !== 0);
    case 'float32':
    case 'float64':
      return Number;
    case 'float16':
      return value => toFloat16Bits(Number(value));
    case 'int64':
      return value => (typeof value === 'bigint' ? value : toInt64(value as number));
    case 'uint64':
      return value => (typeof value === 'bigint' ? value : BigInt.asUintN(64, toInt64(value as number)));
    case 'uint32':
      return value =>
        Number(BigInt.asUintN(32, typeof value === 'bigint' ? value : toInt64(value as number)));
    default:
      return value =>
        typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : toInt32(value as number);
  }
}

/** Converts as x64 does: a value out of range becomes the type's lowest number. */
function toInt64(value: number): bigint {
  const whole = Math.trunc(value);
  return whole >= -(2 ** 63) && whole < 2 ** 63 ? BigInt(whole) : -(2n ** 63n);
}

function toInt32(value: number): number {
  const whole = Math.trunc(value);
  return whole >= -(2 ** 31) && whole < 2 ** 32 ? whole : -(2 ** 31);
}
