import { EngineTensor } from '../../tensor.ts';
import { asFloat32 } from '../as-float32.ts';
import type { Kernel } from '../kernel.ts';

interface Settings {
  norm: 'MAX' | 'L1' | 'L2';
}

const { fround } = Math;

/** https://onnx.ai/onnx/operators/onnx_aionnxml_Normalizer.html */
export const normalizer: Kernel<Settings> =
  ({ norm }) =>
  (input: EngineTensor) => {
    const { dims } = input;
    if (dims.length === 0 || dims.length > 2) {
      throw new Error(`Normalizer: the input has rank ${dims.length}; expected 1 or 2`);
    }
    const columns = dims.at(-1)!;
    const x = asFloat32(input);
    const out = new Float32Array(x.length);
    // For doubles and integers, ONNX Runtime rounds the squares, not the values it squares.
    const squares = norm === 'L2' ? squaresOf(input) : x;
    for (let start = 0; start < x.length; start += columns) {
      normalizeRow(norm, { x, squares, out }, start, start + columns);
    }
    return [new EngineTensor('float32', out, dims)];
  };

function normalizeRow(
  norm: Settings['norm'],
  { x, squares, out }: { x: Float32Array; squares: Float32Array; out: Float32Array },
  start: number,
  end: number,
): void {
  let total = norm === 'MAX' ? -3.4028234663852886e38 : 0;
  for (let i = start; i < end; i++) {
    if (norm === 'MAX') {
      total = x[i]! > total ? x[i]! : total;
    } else {
      total = fround(total + (norm === 'L1' ? Math.abs(x[i]!) : squares[i]!));
    }
  }
  for (let i = start; i < end; i++) {
    if (total === 0) {
      out[i] = x[i]!;
    } else if (norm === 'L2') {
      const size = fround(Math.sqrt(fround(squares[i]! / total)));
      out[i] = x[i]! < 0 ? -size : size;
    } else {
      out[i] = x[i]! / total;
    }
  }
}

function squaresOf({ type, data }: EngineTensor): Float32Array {
  switch (type) {
    case 'int64':
      return Float32Array.from(data as BigInt64Array, value => Number(BigInt.asIntN(64, value * value)));
    case 'int32':
      return Float32Array.from(data as Int32Array, value => Math.imul(value, value));
    default:
      return Float32Array.from(data as Float64Array, value => value * value);
  }
}
