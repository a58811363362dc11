import { unfitShape } from '../../../unfit-shape.ts';
import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import { arrayLike } from '../array-like.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, stridesOf } from '../shape.ts';

interface Settings {
  mode: 'constant' | 'reflect' | 'edge' | 'wrap';
  /** Attributes before opset 11; `null` means that they are inputs. */
  pads: number[] | null;
  value: number;
}

/** Marks the padding of mode "constant". */
const none = -1;

/** https://onnx.ai/onnx/operators/onnx__Pad.html; negative pads crop. */
export const pad: Kernel<Settings> =
  ({ mode, pads, value }) =>
  (x: EngineTensor, padsInput?: EngineTensor, fill?: EngineTensor, axesInput?: EngineTensor) => {
    const { type, data, dims } = x;
    const given = pads ?? integersOf(padsInput!);
    const axes = axesInput ? integersOf(axesInput) : [...dims.keys()];
    if (given.length !== 2 * axes.length) {
      throw new Error(`Pad: ${given.length} pads for ${axes.length} axes`);
    }
    const before = dims.map(() => 0);
    const after = dims.map(() => 0);
    const to = [...dims];
    let isUnfit = false;
    for (const [index, axis] of axes.entries()) {
      const at = axisOf('Pad', axis, dims.length);
      before[at] = given[index]!;
      after[at] = given[index + axes.length]!;
      to[at] = dims[at]! + sumOf(padsInput, given, [index, index + axes.length]);
      isUnfit ||= mode === 'wrap' && !wrapsOnce(dims[at]!, before[at]!, after[at]!);
    }
    // Counted first, and in float32, as for ONNX Runtime: of two sizes below zero the product may be too large.
    const { fround } = Math;
    countElements(
      'Pad',
      dims.map((size, axis) => fround(size + fround(fround(before[axis]!) + fround(after[axis]!)))),
    );
    const count = countElements('Pad', to);
    if (isUnfit) {
      // ONNX Runtime would wrap around more than once and return foreign memory.
      throw unfitShape('Pad');
    }
    checkKept(mode, dims, { before, after });
    if (to.some(size => size < 0)) {
      throw new Error(`Pad: it cuts more than [${dims.join(', ')}] has`);
    }
    const out = arrayLike(data, count) as Float32Array;
    if (count === 0) {
      // Another dimension may be too large to list.
      return [new EngineTensor(type, out, to)];
    }
    const filler = fill === undefined ? (typeof data[0] === 'bigint' ? BigInt(value) : value) : fill.data[0];
    const strides = stridesOf(dims);
    let positions = Int32Array.of(0);
    for (const [axis, size] of dims.entries()) {
      const sources = sourcesOf(mode, size, {
        before: before[axis]!,
        after: after[axis]!,
        length: to[axis]!,
      });
      const next = new Int32Array(positions.length * sources.length);
      let at = 0;
      for (const position of positions) {
        for (const source of sources) {
          next[at++] = position === none || source === none ? none : position + source * strides[axis]!;
        }
      }
      positions = next;
    }
    for (let i = 0; i < out.length; i++) {
      out[i] = (positions[i] === none ? filler : data[positions[i]!]) as number;
    }
    return [new EngineTensor(type, out, to)];
  };

/** Exact also where a number cannot hold the pads, but their sum. */
function sumOf(input: EngineTensor | undefined, pads: readonly number[], [a, b]: [number, number]): number {
  const [first, second] = [input?.data[a], input?.data[b]];
  return typeof first === 'bigint' ? Number(first + (second as bigint)) : pads[a]! + pads[b]!;
}

/** Also of an axis that is listed again, with other pads. */
function wrapsOnce(size: number, before: number, after: number): boolean {
  return size + Math.min(0, before) + Math.min(0, after) >= Math.max(before, after);
}

/** Checks, as for ONNX Runtime, what negative padding leaves of each axis for a mode that repeats elements. */
function checkKept(
  mode: Settings['mode'],
  dims: readonly number[],
  { before, after }: { before: number[]; after: number[] },
): void {
  const kept = dims.map((size, axis) => size + Math.min(0, before[axis]!) + Math.min(0, after[axis]!));
  const isLeft = dims.includes(0)
    ? mode !== 'wrap' && dims.every((size, axis) => size > 0 || before[axis]! + after[axis]! <= 0)
    : kept.every(size => size > 0);
  if (mode !== 'constant' && !isLeft) {
    throw new Error(`Pad: mode "${mode}" has no elements to repeat`);
  }
}

/** Returns the source index of each element along an axis. */
function sourcesOf(
  mode: Settings['mode'],
  size: number,
  { before, after, length }: { before: number; after: number; length: number },
): Int32Array {
  const first = Math.max(0, -before);
  const kept = size - first - Math.max(0, -after);
  const [front, back] = [Math.max(0, before), Math.max(0, after)];
  checkRoom(mode, kept, Math.max(front, back));
  return Int32Array.from({ length }, (_, index) => {
    const at = index - front;
    return at >= 0 && at < kept ? first + at : outside(mode, at, { first, kept });
  });
}

function outside(mode: Settings['mode'], at: number, { first, kept }: { first: number; kept: number }) {
  switch (mode) {
    case 'edge':
      return first + (at < 0 ? 0 : kept - 1);
    case 'reflect':
      return first + (at < 0 ? -at : 2 * (kept - 1) - at);
    case 'wrap':
      return first + (at < 0 ? at + kept : at - kept);
    default:
      return none;
  }
}

/** Checks that the axis has enough elements to repeat. */
function checkRoom(mode: Settings['mode'], kept: number, longest: number): void {
  const room = {
    constant: Number.POSITIVE_INFINITY,
    edge: kept > 0 ? longest : 0,
    reflect: kept - 1,
    wrap: kept,
  };
  if (longest > Math.max(0, room[mode])) {
    throw new Error(`Pad: mode "${mode}" cannot make ${longest} elements of ${kept}`);
  }
}
