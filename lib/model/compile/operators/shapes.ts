import { elementTypeOf } from '../../types.ts';
import type { OperatorNode } from '../node.ts';
import { tensorTypeOf } from '../value.ts';
import { numbers } from './elementwise.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';
import { oneOf } from './settings.ts';

/** An operator that moves elements of any type. */
function moving(
  kernel: string,
  settings: (node: OperatorNode) => Record<string, number | number[] | null | boolean>,
): Rule {
  return node => ({ kernel, settings: settings(node), types: [inputType(node, 0)] });
}

/** Reads integers that are an attribute before an opset, and an input from it on. */
function attributeBefore(node: OperatorNode, opset: number, attribute: string): number[] | null {
  return node.opset < opset && node.has(attribute) ? node.ints(attribute) : null;
}

const reshape: Rule = node => {
  node.ignore('consumed_inputs');
  const settings = { shape: attributeBefore(node, 5, 'shape'), allowsZero: node.int('allowzero', 0) !== 0 };
  return { kernel: 'reshape', settings, types: [inputType(node, 0)] };
};
const flatten = moving('flatten', node => ({ axis: node.int('axis', 1) }));
const squeeze = moving('squeeze', node => ({ axes: attributeBefore(node, 13, 'axes') }));
const unsqueeze = moving('unsqueeze', node => ({ axes: attributeBefore(node, 13, 'axes') }));
const transpose = moving('transpose', node => ({ perm: node.has('perm') ? node.ints('perm') : null }));
const concat = moving('concat', node => ({ axis: node.int('axis', 1) }));
const gather = moving('gather', node => ({ axis: node.int('axis', 0) }));
const gatherElements = moving('gatherElements', node => ({ axis: node.int('axis', 0) }));
const gatherNd = moving('gatherNd', node => ({ batchDims: node.int('batch_dims', 0) }));
const expand = moving('expand', () => ({}));
const compress = moving('compress', node => ({ axis: node.has('axis') ? node.int('axis', 0) : null }));

const slice = moving('slice', node => ({
  starts: attributeBefore(node, 10, 'starts'),
  ends: attributeBefore(node, 10, 'ends'),
  axes: attributeBefore(node, 10, 'axes'),
}));

const tile: Rule = node =>
  node.opset < 6
    ? node.refuse('opsets before 6 are not covered')
    : { kernel: 'tile', types: [inputType(node, 0)] };

const reductions = ['none', 'add', 'mul', 'max', 'min'];

const pad: Rule = node => {
  if (node.opset < 2) {
    node.refuse('opset 1 is not covered');
  }
  const mode = oneOf(node, 'mode', ['constant', 'reflect', 'edge', 'wrap']);
  const isOld = node.opset < 11;
  return {
    kernel: 'pad',
    settings: { mode, pads: isOld ? node.ints('pads') : null, value: isOld ? node.float('value', 0) : 0 },
    types: [inputType(node, 0, [...numbers, 'bool'])],
  };
};

const trilu: Rule = node => ({
  kernel: 'trilu',
  settings: { isUpper: node.int('upper', 1) !== 0 },
  types: [inputType(node, 0, [...numbers, 'bool'])],
});

const scatterElements: Rule = node => ({
  kernel: 'scatterElements',
  settings: { axis: node.int('axis', 0), reduction: oneOf(node, 'reduction', reductions) },
  types: [inputType(node, 0)],
});

const scatterNd: Rule = node => ({
  kernel: 'scatterNd',
  settings: { reduction: oneOf(node, 'reduction', reductions) },
  types: [inputType(node, 0)],
});

const split: Rule = node => {
  const isUneven = node.has('num_outputs');
  const count = node.int('num_outputs', node.outputCount);
  return {
    kernel: 'split',
    settings: { axis: node.int('axis', 0), sizes: attributeBefore(node, 13, 'split'), count, isUneven },
    types: Array.from({ length: node.outputCount }, () => inputType(node, 0)),
  };
};

const shape: Rule = node => ({
  kernel: 'shape',
  settings: { start: node.int('start', 0), end: node.has('end') ? node.int('end', 0) : null },
  types: ['int64'],
});

const size: Rule = () => ({ kernel: 'size', types: ['int64'] });

const constantOfShape: Rule = node => {
  const value = node.tensor('value') ?? { type: 'float32' as const, data: Float32Array.of(0) };
  if (Array.isArray(value.data) || value.type === 'string') {
    return node.refuse('a constant of strings is not covered');
  }
  return {
    kernel: 'constantOfShape',
    settings: { value: value.data, type: value.type },
    types: [value.type],
  };
};

const range: Rule = node => ({
  kernel: 'range',
  types: [inputType(node, 0, ['float32', 'float64', 'int16', 'int32', 'int64'])],
});

const topK: Rule = node => {
  return {
    kernel: 'topK',
    settings: {
      isSorted: node.int('sorted', 1) !== 0,
      axis: node.int('axis', -1),
      isLargest: node.int('largest', 1) !== 0,
      count: node.opset < 10 ? node.int('k', 0) : null,
    },
    types: [inputType(node, 0, numbers), 'int64'],
  };
};

const cumSum: Rule = node => ({
  kernel: 'cumSum',
  settings: { isExclusive: node.int('exclusive', 0) !== 0, isReverse: node.int('reverse', 0) !== 0 },
  types: [inputType(node, 0, ['float32', 'float64', 'int32', 'int64'])],
});

const nonZero: Rule = () => ({ kernel: 'nonZero', types: ['int64'] });

const oneHot: Rule = node => ({
  kernel: 'oneHot',
  settings: { axis: node.int('axis', -1) },
  types: [inputType(node, 2)],
});

const cast: Rule = node => {
  node.ignore('saturate', 'round_mode');
  const to = tensorTypeOf(elementTypeOf(node.int('to', 0)));
  if (to === undefined) {
    return node.refuse(`to ${elementTypeOf(node.int('to', 0))} is not covered`);
  }
  // Exports often cast labels to the type that they have. A float32 may be a float16 that is computed so.
  const isSame = !to.startsWith('float') && inputType(node, 0) === to;
  return isSame ? { sameAs: 0 } : { kernel: 'cast', settings: { to }, types: [to] };
};

const castLike: Rule = node => {
  node.ignore('saturate', 'round_mode');
  const to = inputType(node, 1);
  return to === undefined || to.startsWith('sequence')
    ? node.refuse('the type that it casts to is not known')
    : { kernel: 'cast', settings: { to }, types: [to] };
};

/** Operators that move elements or make them. */
export const shapeOperators: Readonly<Record<string, Rule>> = {
  Cast: cast,
  CastLike: castLike,
  Compress: compress,
  Concat: concat,
  ConstantOfShape: constantOfShape,
  CumSum: cumSum,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  NonZero: nonZero,
  OneHot: oneHot,
  Pad: pad,
  Range: range,
  Reshape: reshape,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  Shape: shape,
  Size: size,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  TopK: topK,
  Transpose: transpose,
  Trilu: trilu,
  Unsqueeze: unsqueeze,
};
