import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import { arrayLike } from '../array-like.ts';
import type { Kernel } from '../kernel.ts';
import { elementCount, stridedPositions, stridesOf } from '../shape.ts';

interface Settings {
  /** The axis labels of each input and of the output: one letter per axis. */
  inputs: string[];
  output: string;
}

/**
 * Multiplies elements whose axes have the same labels, and sums along the labels that the output lacks.
 * https://onnx.ai/onnx/operators/onnx__Einsum.html
 */
export const einsum: Kernel<Settings> = ({ inputs: terms, output }) => {
  const labels = [...new Set(terms.join(''))];
  const kept = [...output];
  const summed = labels.filter(label => !output.includes(label));
  return (...tensors: (EngineTensor & { data: Float32Array })[]) => {
    const sizes = sizesOf(terms, tensors);
    const sizesFor = (names: string[]) => names.map(name => sizes.get(name)!);
    const dims = sizesFor(kept);
    countElements('Einsum', [...dims, ...sizesFor(summed)]);
    const paths = tensors.map((tensor, index) => {
      const strides = labelStrides(terms[index]!, tensor, sizes);
      const along = (names: string[]) =>
        stridedPositions(
          sizesFor(names),
          names.map(name => strides.get(name) ?? 0),
        );
      return { data: tensor.data, starts: along(kept), steps: along(summed) };
    });
    const [{ data, type }] = tensors as [(typeof tensors)[0]];
    const out = arrayLike(data, elementCount(dims));
    const turns = elementCount(sizesFor(summed));
    for (let at = 0; at < out.length; at++) {
      let sum = 0;
      for (let turn = 0; turn < turns; turn++) {
        let product = 1;
        for (const { data: factors, starts, steps } of paths) {
          product *= factors[starts[at]! + steps[turn]!]!;
        }
        sum += product;
      }
      out[at] = sum;
    }
    return [new EngineTensor(type, out, dims)];
  };
};

/** Returns the size of each label's axes. An axis of 1 stretches to the size of the others. */
function sizesOf(terms: readonly string[], tensors: readonly EngineTensor[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [index, { dims }] of tensors.entries()) {
    const term = terms[index]!;
    if (dims.length !== term.length) {
      throw new Error(`Einsum: "${term}" has ${term.length} axes, the input ${dims.length}`);
    }
    for (const [axis, label] of [...term].entries()) {
      const [size, other] = [dims[axis]!, sizes.get(label) ?? 1];
      if (size !== 1 && other !== 1 && size !== other) {
        throw new Error(`Einsum: axis "${label}" has ${other} elements and ${size}`);
      }
      sizes.set(label, other === 1 ? size : other);
    }
  }
  return sizes;
}

/** Returns an input's stride along each label. A repeated label means the diagonal. */
function labelStrides(
  term: string,
  { dims }: EngineTensor,
  sizes: ReadonlyMap<string, number>,
): Map<string, number> {
  const strides = new Map<string, number>();
  const own = stridesOf(dims);
  for (const [axis, label] of [...term].entries()) {
    const stride = dims[axis] === 1 && sizes.get(label) !== 1 ? 0 : own[axis]!;
    strides.set(label, (strides.get(label) ?? 0) + stride);
  }
  return strides;
}
