import { contribKernels } from './contrib.ts';
import type { KernelFuzz } from './kernel-fuzz.ts';

const element = ['float32', 'uint8', 'int64', 'int32', 'float64'] as const;

export const kernels: KernelFuzz[] = [
  {
    operator: 'Pad',
    opsets: [11, 13, 18, 19, 21],
    copies: true,
    make(r, opset) {
      const dims = r.sizes(1 + r.below(3));
      const pads = r.integers([2 * dims.length], () =>
        r.chance(0.7) ? r.below(5) : r.pick([-3, -1, 9, 50]),
      );
      const modes = ['constant', 'reflect', 'edge', ...(opset >= 19 ? ['wrap', 'wrap'] : [])];
      return {
        attributes: { mode: r.pick(modes) },
        operands: [r.data(dims, r.pick(element.slice(0, 3))), r.maybeConstant(pads)],
      };
    },
  },
  ...['Gather', 'GatherElements'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [11, 13],
      copies: true,
      make(r) {
        const dims = r.sizes(1 + r.below(3));
        const axis = r.below(dims.length);
        const shape =
          operator === 'Gather'
            ? r.sizes(r.below(3))
            : dims.map((length, at) => (at === axis || r.chance(0.1) ? r.size() : length));
        const indices = r.integers(shape, () => r.index(dims[axis]!));
        return { attributes: { axis }, operands: [r.data(dims, r.pick(element)), r.maybeConstant(indices)] };
      },
    }),
  ),
  {
    operator: 'GatherND',
    opsets: [11, 13],
    copies: true,
    make(r, opset) {
      const dims = r.sizes(1 + r.below(3));
      const batch = opset >= 12 && dims.length > 1 && r.chance(0.4) ? 1 : 0;
      const depth = 1 + r.below(dims.length - batch);
      const shape = [...dims.slice(0, batch), ...r.sizes(r.below(2)), r.chance(0.05) ? depth + 1 : depth];
      return {
        ...(batch > 0 && { attributes: { batch_dims: batch } }),
        operands: [r.data(dims), r.integers(shape, () => r.index(Math.min(...dims)))],
      };
    },
  },
  ...['ScatterElements', 'ScatterND'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [11, 13, 16, 18],
      make(r, opset) {
        const dims = r.sizes(1 + r.below(3));
        const axis = r.below(dims.length);
        const reductions = opset >= 18 ? ['none', 'add', 'mul', 'max', 'min'] : ['none', 'add', 'mul'];
        const reduction = opset >= 16 ? { reduction: r.pick(reductions) } : {};
        if (operator === 'ScatterElements') {
          const shape = dims.map(length => (r.chance(0.1) ? r.size() : r.below(length + 1)));
          const indices = r.integers(shape, () => r.index(dims[axis]!));
          return { attributes: { axis, ...reduction }, operands: [r.data(dims), indices, r.floats(shape)] };
        }
        const depth = 1 + r.below(dims.length);
        const outer = r.sizes(1);
        const updates = [...outer, ...dims.slice(depth)].map(length => (r.chance(0.05) ? r.size() : length));
        const indices = r.integers([...outer, depth], () => r.index(Math.min(...dims)));
        return { attributes: reduction, operands: [r.data(dims), indices, r.floats(updates)] };
      },
    }),
  ),
  {
    operator: 'Slice',
    opsets: [10, 13],
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(3));
      const count = 1 + r.below(dims.length);
      const end = () => r.integers([count], () => r.index(4));
      const steps = r.integers([count], () => r.pick([1, 1, 2, -1, -2, 0, 2 ** 40, -(2 ** 62)]));
      const axes = r.integers([count], () => r.index(dims.length));
      return { operands: [r.data(dims), r.maybeConstant(end()), end(), axes, steps] };
    },
  },
  {
    operator: 'ReverseSequence',
    opsets: [10],
    copies: true,
    make(r) {
      const dims = r.sizes(2 + r.below(2));
      const time = r.pick([0, 1]);
      const lengths = r.integers([dims[1 - time]!], () => r.index(dims[time]!));
      return { attributes: { time_axis: time, batch_axis: 1 - time }, operands: [r.data(dims), lengths] };
    },
  },
  {
    operator: 'Compress',
    opsets: [9, 11],
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(3));
      const axis = r.chance(0.7) ? { attributes: { axis: r.below(dims.length) } } : {};
      return { ...axis, operands: [r.data(dims), r.integers([r.size()], () => r.below(2), 'bool')] };
    },
  },
  {
    operator: 'Col2Im',
    opsets: [18],
    make(r) {
      const [block, image] = [r.list(2, () => 1 + r.below(3)), r.list(2, () => 1 + r.below(6))];
      const places = r.count(image.map((length, at) => Math.max(0, length - block[at]! + 1)));
      const dims = [r.size(), r.count(block) * (1 + r.below(2)), r.chance(0.8) ? places : r.size()];
      const list = (values: number[]) =>
        r.integers([2], () => (r.chance(0.95) ? values.shift()! : r.pick([0, -1, 100, 2 ** 31])));
      return { operands: [r.data(dims), list([...image]), list([...block])] };
    },
  },
  {
    operator: 'MaxUnpool',
    opsets: [11],
    make(r) {
      const dims = [r.size(), r.size(), 1 + r.below(3), 1 + r.below(3)];
      const space = r.count(dims) * 4;
      return {
        attributes: { kernel_shape: [2n, 2n], strides: [2n, 2n] },
        operands: [r.data(dims), r.integers(dims, () => (r.chance(0.9) ? r.below(space) : r.index(space)))],
      };
    },
  },
  {
    operator: 'GridSample',
    opsets: [16, 20],
    make(r, opset) {
      const [batch, height, width] = [r.size(), r.size(), r.size()];
      const modes = opset >= 20 ? ['linear', 'nearest', 'cubic'] : ['bilinear', 'nearest', 'bicubic'];
      const place = () => (r.chance(0.8) ? r.next() * 2.4 - 1.2 : r.pick([1e9, -1e30, NaN, Infinity, 3e38]));
      return {
        attributes: {
          mode: r.pick(modes),
          padding_mode: r.pick(['zeros', 'border', 'reflection']),
          align_corners: r.below(2),
        },
        operands: [
          r.data([batch, r.size(), height, width]),
          r.floats([r.chance(0.9) ? batch : r.size(), r.size(), r.size(), r.chance(0.95) ? 2 : 1], place),
        ],
      };
    },
  },
  {
    operator: 'RoiAlign',
    opsets: [10, 16],
    make(r) {
      const dims = [r.size(), r.size(), r.size(), r.size()];
      const rois = r.size();
      const corner = () => (r.chance(0.8) ? r.next() * 6 - 1 : r.pick([1e9, -1e9, NaN, Infinity, -1e30]));
      return {
        attributes: {
          output_height: 1 + r.below(3),
          output_width: 1 + r.below(3),
          sampling_ratio: r.below(3),
          mode: r.pick(['avg', 'max']),
        },
        operands: [r.data(dims), r.floats([rois, 4], corner), r.integers([rois], () => r.index(dims[0]!))],
      };
    },
  },
  {
    operator: 'MaxRoiPool',
    opsets: [13],
    make(r) {
      const dims = [r.size(), r.size(), r.size(), r.size()];
      const corner = () => (r.chance(0.8) ? r.below(5) : r.pick([1e9, -1e9, NaN, -3, 1e30]));
      return {
        attributes: { pooled_shape: [2n, 2n] },
        operands: [r.data(dims), r.floats([r.size(), 5], corner)],
      };
    },
  },
  {
    operator: 'Resize',
    opsets: [11, 13, 18, 19],
    make(r, opset) {
      const dims = [1 + r.below(2), 1 + r.below(2), r.size(), r.size()];
      const attributes = {
        mode: r.pick(['nearest', 'linear', 'cubic']),
        coordinate_transformation_mode: r.pick([
          'half_pixel',
          'asymmetric',
          'align_corners',
          'pytorch_half_pixel',
          'tf_crop_and_resize',
        ]),
        ...(opset >= 18 && r.chance(0.3) && { antialias: 1 }),
      };
      const roi = r.floats([8], () => (r.chance(0.8) ? r.next() : r.pick([-5, 7, 1e9, NaN])));
      const scales = r.floats([4], () => 1);
      scales.data.splice(2, 2, r.pick([0.5, 1, 2, 3.3, 0.01]), r.pick([0.5, 1, 2, NaN, -1, 1e-30]));
      const sizes = r.integers([4], () => 1);
      sizes.data = [dims[0]!, dims[1]!, r.pick([1, 2, 5, 0, -1]), r.pick([1, 3, 6, 0, 17])];
      return {
        attributes,
        operands: r.chance(0.5)
          ? [r.data(dims), roi, r.maybeConstant(scales)]
          : [r.data(dims), roi, undefined, r.maybeConstant(sizes)],
      };
    },
  },
  {
    operator: 'Upsample',
    opsets: [9],
    make(r) {
      const scales = r.floats([4], () => 1);
      scales.data.splice(2, 2, r.pick([1, 2, 3.3, 0.5]), r.pick([1, 2, NaN, -1]));
      return {
        attributes: { mode: r.pick(['nearest', 'linear']) },
        operands: [r.data([1, r.size(), r.size(), r.size()]), scales],
      };
    },
  },
  ...['DepthToSpace', 'SpaceToDepth'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [11, 13],
      copies: true,
      make: r => ({
        attributes: { blocksize: r.pick([1, 2, 3]) },
        operands: [r.data([r.size(), r.pick([4, 9, 8, 3, 0]), r.pick([2, 3, 6, 0]), r.pick([2, 4, 6, 0])])],
      }),
    }),
  ),
  ...(
    [
      ['RNN', 1],
      ['GRU', 3],
      ['LSTM', 4],
    ] as const
  ).map(
    ([operator, gates]): KernelFuzz => ({
      operator,
      opsets: [7, 14],
      skipped: 1,
      make(r) {
        const [steps, batch, width, hidden] = [r.size(), r.size(), r.size(), 1 + r.below(3)];
        const directions = r.pick([1, 2]);
        const small = (dims: number[]) => r.constant(r.floats(dims, () => r.next() - 0.5));
        return {
          attributes: {
            hidden_size: hidden,
            direction: directions === 2 ? 'bidirectional' : r.pick(['forward', 'reverse']),
          },
          operands: [
            r.floats([steps, batch, width]),
            small([directions, gates * hidden, width]),
            small([directions, gates * hidden, hidden]),
            undefined,
            r.integers(
              [r.chance(0.95) ? batch : r.size()],
              () => (r.chance(0.7) ? r.below(steps + 1) : r.index(steps)),
              'int32',
            ),
            ...(r.chance(0.3) ? [r.floats([directions, r.chance(0.9) ? batch : r.size(), hidden])] : []),
          ],
        };
      },
    }),
  ),
  {
    operator: 'OneHot',
    opsets: [9, 11],
    make(r) {
      const depth = r.pick([0, 1, 3, 5, -1, 100]);
      const indices = r.integers(r.sizes(1 + r.below(2)), () => r.index(depth));
      return {
        attributes: { axis: r.pick([-1, 0]) },
        operands: [indices, r.integers([1], () => depth), r.floats([2])],
      };
    },
  },
  {
    operator: 'TopK',
    opsets: [10, 11],
    more: 1,
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(3));
      const axis = r.below(dims.length);
      return {
        attributes: { axis },
        operands: [r.data(dims), r.integers([1], () => r.pick([r.below(4), r.index(dims[axis]!)]))],
      };
    },
  },
  {
    operator: 'Tile',
    opsets: [6, 13],
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(3));
      return {
        operands: [r.data(dims, r.pick(element)), r.integers([dims.length], () => r.pick([0, 1, 2, 3, -1]))],
      };
    },
  },
  {
    operator: 'Expand',
    opsets: [8, 13],
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(3)).map(size => (r.chance(0.4) ? 1 : size));
      const shape = dims.map(size => (size === 1 || r.chance(0.1) ? r.size() : size));
      return { operands: [r.data(dims), r.integers([shape.length], () => shape.shift() ?? 1)] };
    },
  },
  {
    operator: 'Split',
    opsets: [13],
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(2));
      const split = r.integers([1], () => (r.chance(0.7) ? dims[0]! : r.index(dims[0]!)));
      return { attributes: { axis: 0 }, operands: [r.data(dims), split] };
    },
  },
  {
    operator: 'Trilu',
    opsets: [14],
    make: r => ({
      attributes: { upper: r.below(2) },
      operands: [r.data(r.sizes(2 + r.below(2))), r.integers([], () => r.index(4))],
    }),
  },
  {
    operator: 'CumSum',
    opsets: [11, 14],
    make(r) {
      const dims = r.sizes(1 + r.below(3));
      return {
        attributes: { exclusive: r.below(2), reverse: r.below(2) },
        operands: [r.data(dims), r.integers([], () => r.index(dims.length))],
      };
    },
  },
  {
    operator: 'NonMaxSuppression',
    opsets: [10, 11],
    output: 'int64',
    make(r) {
      const [batch, boxes, classes] = [r.size(), r.size(), r.size()];
      return {
        attributes: { center_point_box: r.below(2) },
        operands: [
          r.floats([batch, boxes, 4], () => (r.chance(0.9) ? r.next() : r.pick([NaN, Infinity, -1e30]))),
          r.floats([r.chance(0.95) ? batch : r.size(), classes, r.chance(0.95) ? boxes : r.size()], r.next),
          r.integers([1], () => r.pick([0, 1, 3, -1, 2 ** 40])),
          r.floats([1], r.next),
          r.floats([1], r.next),
        ],
      };
    },
  },
  {
    operator: 'Unique',
    opsets: [11],
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(2));
      return {
        attributes: { sorted: r.below(2), ...(r.chance(0.6) && { axis: r.below(dims.length) }) },
        operands: [r.data(dims)],
      };
    },
  },
  {
    operator: 'CenterCropPad',
    opsets: [18],
    make(r) {
      const dims = r.sizes(1 + r.below(3));
      return { operands: [r.data(dims), r.integers([dims.length], () => r.pick([0, 1, 2, 7, 20, -1]))] };
    },
  },
  ...['NegativeLogLikelihoodLoss', 'SoftmaxCrossEntropyLoss'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [13],
      make(r) {
        const [rows, classes] = [r.size(), r.size()];
        const weights = r.chance(0.5) ? [r.floats([classes])] : [];
        return {
          attributes: { reduction: r.pick(['none', 'sum', 'mean']) },
          operands: [r.floats([rows, classes]), r.integers([rows], () => r.index(classes)), ...weights],
        };
      },
    }),
  ),
  {
    operator: 'ai.onnx.ml.ArrayFeatureExtractor',
    opsets: [13],
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(2));
      return { operands: [r.data(dims), r.integers([1, r.size()], () => r.index(dims.at(-1)!))] };
    },
  },
  {
    operator: 'TensorScatter',
    opsets: [24],
    make(r) {
      const [batch, length, width] = [r.size(), r.size(), r.size()];
      return {
        attributes: { mode: r.pick(['linear', 'circular']), axis: 1 },
        operands: [
          r.data([batch, length, width]),
          r.floats([batch, r.size(), width]),
          r.integers([batch], () => r.index(length)),
        ],
      };
    },
  },
  {
    operator: 'RotaryEmbedding',
    opsets: [23],
    make(r) {
      const [batch, heads, length, positions] = [r.size(), 1 + r.below(2), r.size(), 1 + r.below(5)];
      return {
        operands: [
          r.floats([batch, heads, length, 4]),
          r.floats([positions, 2]),
          r.floats([positions, 2]),
          r.integers([batch, length], () => r.index(positions)),
        ],
      };
    },
  },
  {
    operator: 'Attention',
    opsets: [23, 24],
    make(r, opset) {
      const [batch, heads, queries, keys] = [r.size(), 1 + r.below(2), r.size(), r.size()];
      const key = [r.chance(0.95) ? batch : r.size(), heads, keys, 4];
      return {
        attributes: { is_causal: r.below(2) },
        operands: [
          r.floats([batch, heads, queries, 4]),
          r.floats(key),
          r.floats(key),
          r.chance(0.5)
            ? r.floats([r.chance(0.9) ? queries : r.size(), r.chance(0.9) ? keys : r.size()])
            : undefined,
          ...(opset >= 24 && r.chance(0.5)
            ? [
                undefined,
                undefined,
                r.integers([batch], () => (r.chance(0.6) ? r.below(keys + 1) : r.index(keys))),
              ]
            : []),
        ],
      };
    },
  },
  {
    operator: 'AffineGrid',
    opsets: [20],
    make(r) {
      const batch = r.size();
      return {
        operands: [
          r.floats([batch, 2, 3]),
          r.integers([4], () => (r.chance(0.9) ? r.size() : r.pick([-1, batch]))),
        ],
      };
    },
  },
  ...['MaxPool', 'AveragePool', 'LpPool'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [11, 19, 22],
      make(r) {
        const sides = () => [BigInt(1 + r.below(4)), BigInt(1 + r.below(4))];
        const pads = r.list(4, () => r.below(3)).map(BigInt);
        return {
          attributes: {
            kernel_shape: sides(),
            strides: sides(),
            pads,
            ...(operator !== 'LpPool' && { ceil_mode: r.below(2) }),
          },
          operands: [r.data([r.size(), r.size(), r.size(), r.size()])],
        };
      },
    }),
  ),
  ...['Conv', 'ConvTranspose'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [11],
      make(r) {
        const group = r.pick([1, 1, 2]);
        const channels = group * (1 + r.below(2));
        const weight = [
          operator === 'Conv' ? group * 2 : channels,
          operator === 'Conv' ? channels / group : 2,
          1 + r.below(3),
          1 + r.below(3),
        ];
        return {
          attributes: {
            group,
            pads: r.list(4, () => r.below(3)).map(BigInt),
            dilations: [BigInt(1 + r.below(2)), 1n],
          },
          operands: [
            r.floats([r.size(), r.chance(0.95) ? channels : r.size(), r.size(), r.size()]),
            r.maybeConstant(r.floats(weight)),
          ],
        };
      },
    }),
  ),
  ...['ReduceSum', 'ReduceMax', 'ReduceMean', 'ReduceProd', 'ReduceMin', 'ReduceLogSumExp'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [18],
      make(r) {
        const dims = r.sizes(1 + r.below(3));
        return {
          attributes: { keepdims: r.below(2), noop_with_empty_axes: r.below(2) },
          operands: [r.data(dims), r.integers([r.below(3)], () => r.index(dims.length))],
        };
      },
    }),
  ),
  ...['ArgMax', 'ArgMin'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [13],
      output: 'int64',
      make(r) {
        const dims = r.sizes(1 + r.below(3));
        return { attributes: { axis: r.below(dims.length), keepdims: r.below(2) }, operands: [r.data(dims)] };
      },
    }),
  ),
  ...['MatMul', 'Gemm', 'Einsum'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [13],
      make(r) {
        const [rows, inner, columns] = [r.size(), r.size(), r.size()];
        return {
          ...(operator === 'Einsum' && { attributes: { equation: 'ij,jk->ik' } }),
          operands: [r.floats([rows, inner]), r.floats([r.chance(0.95) ? inner : r.size(), columns])],
        };
      },
    }),
  ),
  ...[
    'Softmax',
    'LogSoftmax',
    'Hardmax',
    'LpNormalization',
    'NonZero',
    'Flatten',
    'Transpose',
    'Sign',
    'IsNaN',
  ].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [13],
      ...(operator === 'NonZero' ? { output: 'int64' } : operator === 'IsNaN' ? { output: 'bool' } : {}),
      make(r) {
        const dims = r.sizes(1 + r.below(3));
        const hasAxis = !['NonZero', 'Transpose', 'Sign', 'IsNaN'].includes(operator);
        return { ...(hasAxis && { attributes: { axis: r.below(dims.length) } }), operands: [r.data(dims)] };
      },
    }),
  ),
  ...['LayerNormalization', 'InstanceNormalization', 'BatchNormalization', 'GroupNormalization'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [operator === 'GroupNormalization' ? 21 : 17],
      make(r) {
        const dims = [r.size(), r.size(), r.size()];
        const width = operator === 'LayerNormalization' ? dims[2]! : dims[1]!;
        const vector = () => r.floats([r.chance(0.97) ? width : r.size()]);
        return {
          ...(operator === 'GroupNormalization' && { attributes: { num_groups: r.pick([1, 2]) } }),
          operands: [
            r.data(dims),
            ...Array.from({ length: operator === 'BatchNormalization' ? 4 : 2 }, vector),
          ],
        };
      },
    }),
  ),
  ...['Concat', 'Where', 'Max', 'Add', 'Mod', 'Pow'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [13],
      make(r) {
        const dims = r.sizes(1 + r.below(3));
        const like = () => dims.map(size => (r.chance(0.1) ? r.size() : r.chance(0.2) ? 1 : size));
        const operands = [r.data(like()), r.data(like())];
        return operator === 'Where'
          ? { operands: [r.integers(like(), () => r.below(2), 'bool'), ...operands] }
          : {
              ...(operator === 'Concat' && { attributes: { axis: r.below(dims.length) } }),
              ...(operator === 'Mod' && { attributes: { fmod: 1 } }),
              operands,
            };
      },
    }),
  ),
  ...['Squeeze', 'Unsqueeze', 'Reshape'].map(
    (operator): KernelFuzz => ({
      operator,
      opsets: [13],
      copies: true,
      make(r) {
        const dims = r.sizes(1 + r.below(3)).map(size => (r.chance(0.3) ? 1 : size));
        const value = () =>
          operator === 'Reshape' ? r.pick([0, -1, 1, 2, 3, 2 ** 40, -5]) : r.index(dims.length);
        return { operands: [r.data(dims), r.integers([1 + r.below(2)], value)] };
      },
    }),
  ),
  ...contribKernels,
];
