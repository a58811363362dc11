import { getAttribute, subgraphs } from '../../attributes.ts';
import type { NodeProto } from '../../onnx_pb.ts';
import { type Counting, MAX_TURNS, type Sizing } from './sizing.ts';

/** All iterations of a loop together may process this many elements, which takes a second or two. */
const MAX_CARRIED = 2 ** 32;

/** ONNX operators whose output size or running time is decided by the elements of an input. */
export const sizings: readonly Sizing[] = [
  {
    operators: ['HannWindow', 'HammingWindow', 'BlackmanWindow', 'ConstantOfShape'],
    inputs: [0],
    count: ({ input }, { product, float }) => product(float(input[0]!)),
  },
  {
    operators: ['Range', 'com.microsoft.Range'],
    inputs: [1, 0, 2],
    count: ({ input }, { product, float, difference, ratio }) => {
      const [start, limit, delta] = input.map(float);
      const length = difference(limit!, start!);
      // Only com.microsoft.Range has a default step.
      return product(delta === undefined ? length : ratio(length, delta));
    },
  },
  { operators: ['Expand'], inputs: [1], count: broadcastCount },
  {
    operators: ['Tile', 'OneHot'],
    inputs: [1],
    count: ({ input }, { product, float, size, times }) => times(product(float(input[1]!)), size(input[0]!)),
  },
  { operators: ['Pad', 'com.microsoft.Pad'], inputs: [1], count: paddedCount },
  { operators: ['Resize', 'Upsample'], inputs: [3, 2, 1], count: resizedCount },
  {
    operators: ['CenterCropPad'],
    inputs: [1],
    count: (node, counting) => replacedCount(node, node.input[1]!, counting),
  },
  {
    operators: ['com.microsoft.CropAndResize'],
    inputs: [3],
    count: ({ input }, { product, float, dims, integers, size, times }) =>
      times(times(product(float(input[3]!)), product(dims(input[0]!, integers([1])))), size(input[1]!)),
  },
  {
    operators: ['MaxUnpool'],
    inputs: [2],
    count: ({ input }, { product, float }) => product(float(input[2]!)),
  },
  {
    operators: ['Col2Im'],
    inputs: [1],
    count: ({ input }, { product, float, size, times }) => times(product(float(input[1]!)), size(input[0]!)),
  },
  {
    operators: ['AffineGrid'],
    inputs: [1],
    count: ({ input }, { product, float }) => product(float(input[1]!)),
  },
  {
    operators: ['MelWeightMatrix'],
    inputs: [0, 1],
    count: ({ input }, { product, float, times }) =>
      times(product(float(input[0]!)), product(float(input[1]!))),
  },
  { operators: ['DFT'], inputs: [1, 2, 0], count: transformedCount },
  { operators: ['STFT'], inputs: [1, 3], count: framedCount },
  {
    operators: ['Loop'],
    inputs: [0],
    count: ({ input }, { product, float }) => product(float(input[0]!)),
    limit: MAX_TURNS,
    unit: 'turns',
  },
  {
    operators: ['Loop'],
    inputs: [0],
    count: (
      { input: [turns = '', , ...carried] },
      { product, float, size, number, times, addition },
      scope,
    ) => {
      // A sequence has no size.
      const tensors = carried.filter(name => scope.elementTypes.has(name));
      return times(product(float(turns)), tensors.map(size).reduce(addition, number(0)));
    },
    limit: MAX_CARRIED,
  },
  {
    operators: ['Loop'],
    inputs: [0],
    count: (node, { product, float, number, times }) =>
      times(product(float(node.input[0]!)), number(keptElements(node))),
  },
];

/** Returns how many elements a loop keeps of each iteration, by what its body declares; the body counts the others. */
function keptElements(node: NodeProto): number {
  const [body] = subgraphs(node);
  // The condition and the carried values come first.
  const carried = 1 + Math.max(0, node.input.length - 2);
  const kept = (body?.output ?? []).slice(carried).map(({ type }) => {
    const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined;
    return (shape?.dim ?? []).reduce(
      (product, { value }) => product * (value.case === 'dimValue' ? Number(value.value) : 1),
      1,
    );
  });
  return Math.max(0, ...kept);
}

/** Pads both shapes on the left with as many ones as the other has dimensions; the greater of each pair counts. */
function broadcastCount({ input }: NodeProto, counting: Counting): string {
  return outerCount(counting.shape(input[0]!), input[1]!, counting);
}

function outerCount(own: string, wanted: string, counting: Counting): string {
  const { add, integers, shape, max, product, float } = counting;
  const fill = (sizes: string, other: string) => {
    const ones = add('Expand', [integers([1]), shape(other)]);
    return float(add('Concat', [ones, sizes], { axis: 0 }));
  };
  return product(max(fill(own, wanted), fill(wanted, own)));
}

/** Each padded dimension grows by its padding on both sides. */
function paddedCount({ input }: NodeProto, counting: Counting): string {
  const { add, integers, float, product, addition, dims, shape, opset } = counting;
  const [data = '', pads = '', , axes = ''] = input;
  const pairs = float(add('Reshape', [pads, integers([2, -1])]));
  const summed =
    opset >= 13
      ? add('ReduceSum', [pairs, integers([0])], { keepdims: 0 })
      : add('ReduceSum', [pairs], { axes: [0], keepdims: 0 });
  if (axes === '') {
    return product(addition(float(shape(data)), summed));
  }
  // Of an axis that is named twice, the last padding counts.
  const padded = addition(dims(data, axes), summed);
  return product(add('ScatterElements', [float(shape(data)), axes, padded], { axis: 0 }));
}

/** Counts by sizes if present, else by scales. */
function resizedCount(node: NodeProto, counting: Counting): string {
  const [data = '', second = '', third = '', sizes = ''] = node.input;
  if (sizes !== '') {
    return replacedCount(node, sizes, counting);
  }
  // Opset 10 and Upsample have no region of interest before the scales.
  const scales = third === '' ? second : third;
  return counting.times(counting.product(scales), counting.size(data));
}

/** Returns the count after the dimensions of `axes`, or all of them, get new sizes. */
function replacedCount(node: NodeProto, sizes: string, counting: Counting): string {
  const { product, float, integers, dims, ratio, times, size, max } = counting;
  const axes = getAttribute(node, 'axes')?.ints ?? [];
  const count = product(float(sizes));
  if (axes.length === 0) {
    return count;
  }
  const before = product(dims(node.input[0]!, integers(axes.map(Number))));
  return times(ratio(count, max(before, float(integers([1], [])))), size(node.input[0]!));
}

/**
 * The engine hangs on an axis that does not exist, whose size cannot be gathered, or on a transform of length 0,
 * such as the inverse of a one-element one: 0 divided by 0 is NaN, which does not pass the gate.
 */
function transformedCount(node: NodeProto, counting: Counting): string {
  const { product, float, integers, dims, difference, ratio, times, size, opset } = counting;
  const [data = '', length = '', axis = ''] = node.input;
  const attribute = (name: string) => Number(getAttribute(node, name)?.i ?? 0);
  const isHalved = attribute('inverse') !== 0 && attribute('onesided') !== 0;
  const axisBefore20 = getAttribute(node, 'axis') === undefined ? 1 : attribute('axis');
  const axes = opset < 20 ? integers([axisBefore20], []) : axis === '' ? integers([-2], []) : axis;
  const before = dims(data, axes);
  const own = isHalved ? difference(before, float(integers([1], []))) : before;
  const after = product(length === '' ? own : float(length));
  return times(times(ratio(after, before), ratio(after, after)), size(data));
}

/** Uses the frame length, or the window's length if there is none. */
function framedCount({ input }: NodeProto, { product, float, ratio, times, size }: Counting): string {
  const [signal = '', step = '', window = '', length = ''] = input;
  const width = length === '' ? size(window) : product(float(length));
  return times(ratio(size(signal), product(float(step))), width);
}
