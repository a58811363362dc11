import type { Case, KernelFuzz, Operand, Random } from './kernel-fuzz.ts';

/** Usually `size`, occasionally another size. */
const near = (r: Random, size: number) => (r.chance(0.06) ? r.size() : size);
const window = (r: Random) => BigInt(1 + r.below(3));
const lengths = (r: Random, count: number, most: number): Operand =>
  r.integers([count], () => (r.chance(0.8) ? r.below(most + 1) : r.index(most + 1)), 'int32');
const bytes = (r: Random, dims: number[], type: 'uint8' | 'int8' = 'uint8') =>
  r.constant(r.integers(dims, () => r.below(120), type));
const scale = (r: Random) => r.constant({ type: 'float32', dims: [], data: [0.05] });
const zero = (r: Random, type: 'uint8' | 'int8' = 'uint8') => r.constant({ type, dims: [], data: [3] });

/** An operator of quantised models: input, scale and zero point, then those of the other operands and of the answer. */
function quantized(operator: string, operands: (r: Random) => Case): KernelFuzz {
  return { operator: `com.microsoft.${operator}`, opsets: [17], output: 'uint8', make: operands };
}

const image = (r: Random) => [r.size(), 1 + r.below(3), r.size(), r.size()];
const openBytes = (r: Random, dims: number[]) => r.integers(dims, () => r.below(256), 'uint8');

/** ONNX Runtime's own operators, which exporters and its optimiser write. */
export const contribKernels: KernelFuzz[] = [
  {
    operator: 'com.microsoft.EmbedLayerNormalization',
    opsets: [17],
    more: 1,
    make(r) {
      const [batch, length, hidden, words] = [r.size(), r.size(), 4, 6];
      const ids = (most: number) =>
        r.integers([near(r, batch), near(r, length)], () => r.index(most), 'int32');
      const table = (rows: number) => r.constant(r.floats([rows, hidden]));
      const vector = () => r.constant(r.floats([hidden]));
      const hasMask = r.chance(0.5);
      return {
        operands: [
          ids(words),
          r.chance(0.7) ? ids(2) : undefined,
          table(words),
          table(5),
          r.chance(0.8) ? table(2) : undefined,
          vector(),
          vector(),
          ...(hasMask ? [r.integers([near(r, batch), near(r, length)], () => r.index(2), 'int32')] : []),
        ],
      };
    },
  },
  ...['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization'].map(
    (operator): KernelFuzz => ({
      operator: `com.microsoft.${operator}`,
      opsets: [17],
      make(r) {
        const dims = r.sizes(3);
        const like = () => dims.map(size => near(r, size));
        const vector = () => r.floats([near(r, dims[2]!)]);
        return {
          operands: [r.floats(dims), r.floats(r.chance(0.2) ? like().slice(1) : like()), vector(), vector()],
        };
      },
    }),
  ),
  ...['BiasGelu', 'FastGelu'].map(
    (operator): KernelFuzz => ({
      operator: `com.microsoft.${operator}`,
      opsets: [17],
      make(r) {
        const dims = r.sizes(1 + r.below(3));
        return { operands: [r.floats(dims), r.floats([near(r, dims.at(-1)!)])] };
      },
    }),
  ),
  ...['Gelu', 'QuickGelu', 'Inverse'].map(
    (operator): KernelFuzz => ({
      operator: `com.microsoft.${operator}`,
      opsets: [17],
      make: r => {
        const side = r.size();
        return {
          operands: [r.floats(operator === 'Inverse' ? [r.size(), side, near(r, side)] : r.sizes(2))],
        };
      },
    }),
  ),
  {
    operator: 'com.microsoft.Attention',
    opsets: [17],
    make(r) {
      const [batch, length, hidden] = [r.size(), r.size(), 4];
      const past = r.chance(0.3) ? r.size() : undefined;
      const mask = r.pick([
        undefined,
        () => r.integers([near(r, batch), near(r, length + (past ?? 0))], () => r.below(2), 'int32'),
        () => lengths(r, near(r, batch), length),
        () => lengths(r, 2 * batch, length),
        () => lengths(r, 3 * batch + 2, length),
        () => r.integers([near(r, batch), near(r, length), near(r, length)], () => r.below(2), 'int32'),
      ]);
      return {
        attributes: { num_heads: 2, unidirectional: r.below(2) },
        operands: [
          r.floats([batch, length, near(r, hidden)]),
          r.constant(r.floats([hidden, 3 * hidden])),
          r.constant(r.floats([3 * hidden])),
          mask?.(),
          past === undefined ? undefined : r.floats([2, near(r, batch), 2, past, 2]),
        ],
      };
    },
    more: 1,
  },
  {
    operator: 'com.microsoft.QAttention',
    opsets: [17],
    make(r) {
      const [batch, length, hidden] = [r.size(), r.size(), 4];
      return {
        attributes: { num_heads: 2, unidirectional: r.below(2) },
        operands: [
          openBytes(r, [batch, length, near(r, hidden)]),
          bytes(r, [hidden, 3 * hidden]),
          r.constant(r.floats([3 * hidden])),
          scale(r),
          scale(r),
          r.chance(0.5)
            ? r.integers([near(r, batch), near(r, length)], () => r.below(2), 'int32')
            : undefined,
          zero(r),
          zero(r),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.MultiHeadAttention',
    opsets: [17],
    make(r) {
      const [batch, length, other, hidden] = [r.size(), r.size(), r.size(), 4];
      const side = (size: number) => r.floats([near(r, batch), near(r, size), near(r, hidden)]);
      const mask = r.pick([
        undefined,
        () => r.integers([near(r, batch), near(r, other)], () => r.below(2), 'int32'),
        () => lengths(r, near(r, batch), other),
        () => lengths(r, 3 * batch + 2, other),
      ]);
      const bias = r.chance(0.3)
        ? r.floats([near(r, batch), near(r, 2), near(r, length), near(r, other)])
        : undefined;
      return {
        attributes: { num_heads: 2, unidirectional: r.below(2) },
        operands: [
          side(length),
          side(other),
          side(other),
          r.chance(0.5) ? r.floats([3 * hidden]) : undefined,
          mask?.(),
          bias,
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.DecoderMaskedMultiHeadAttention',
    opsets: [17],
    make(r) {
      const [batch, hidden, room] = [r.size(), 4, 1 + r.below(5)];
      const one = () => r.floats([near(r, batch), near(r, 1), near(r, hidden)]);
      const cache = () => r.floats([near(r, batch), 2, near(r, room), 2]);
      return {
        attributes: { num_heads: 2, past_present_share_buffer: 1 },
        operands: [
          one(),
          one(),
          one(),
          undefined,
          undefined,
          cache(),
          cache(),
          r.integers([1], () => r.index(room), 'int32'),
        ],
      };
    },
    more: 2,
  },
  {
    operator: 'com.microsoft.GroupQueryAttention',
    opsets: [17],
    more: 2,
    make(r) {
      const [batch, length, past, size] = [r.size(), r.size(), r.size(), 8];
      const total = past + length;
      const side = (heads: number) => r.floats([near(r, batch), near(r, length), near(r, heads * size)]);
      const cache = () => r.floats([near(r, batch), near(r, 1), near(r, past), near(r, size)]);
      const rotary = r.chance(0.4);
      const angles = () => r.floats([near(r, total), near(r, size / 2)]);
      return {
        attributes: {
          num_heads: 2,
          kv_num_heads: 1,
          do_rotary: Number(rotary),
          ...(r.chance(0.3) && { local_window_size: 2 }),
        },
        operands: [
          side(2),
          side(1),
          side(1),
          ...(r.chance(0.8) ? [cache(), cache()] : [undefined, undefined]),
          r.integers([near(r, batch)], () => (r.chance(0.7) ? total - 1 : r.index(total + 1)), 'int32'),
          r.integers([1], () => (r.chance(0.8) ? total : r.index(total + 1)), 'int32'),
          ...(rotary ? [angles(), angles()] : []),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.RotaryEmbedding',
    opsets: [17],
    make(r) {
      const [batch, length, size, most] = [r.size(), r.size(), 4, 1 + r.below(6)];
      const shape = r.chance(0.5) ? [batch, length, 2 * size] : [batch, 2, length, size];
      const positions = r.chance(0.5) ? [1] : [near(r, batch), near(r, length)];
      const table = () => r.maybeConstant(r.floats([near(r, most), size / 2]));
      return {
        attributes: { interleaved: r.below(2), num_heads: 2 },
        operands: [r.floats(shape), r.integers(positions, () => r.index(most)), table(), table()],
      };
    },
  },
  {
    operator: 'com.microsoft.NGramRepeatBlock',
    opsets: [17],
    make(r) {
      const [batch, length, words] = [r.size(), r.size(), r.size()];
      return {
        attributes: { ngram_size: 1 + r.below(3) },
        operands: [r.integers([batch, length], () => r.index(words)), r.floats([near(r, batch), words])],
      };
    },
  },
  {
    operator: 'com.microsoft.BifurcationDetector',
    opsets: [17],
    more: 1,
    output: 'int64',
    make(r) {
      const tokens = r.size();
      const ids = (length: number) => r.integers([length], () => r.below(4));
      return {
        attributes: { min_ngram_size: 1, max_ngram_size: 3 },
        operands: [
          ids(tokens),
          ids(r.size()),
          r.integers([1], () => r.index(tokens + 1)),
          ...(r.chance(0.6) ? [ids(near(r, tokens))] : []),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.CropAndResize',
    opsets: [17],
    make(r) {
      const dims = image(r);
      const boxes = r.size();
      return {
        attributes: { mode: r.pick(['bilinear', 'nearest']) },
        operands: [
          r.data(dims),
          r.floats([boxes, 4], () => r.pick([0, 0.25, 0.5, 1, -1, 2, 1e9, -1e9])),
          r.integers([near(r, boxes)], () => r.index(dims[0]!), 'int32'),
          r.maybeConstant(r.integers([2], () => r.pick([0, 1, 2, 3, -1, 7]), 'int32')),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.GatherND',
    opsets: [17],
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(3));
      const depth = 1 + r.below(dims.length);
      return { operands: [r.data(dims), r.integers([r.size(), depth], () => r.index(Math.min(...dims)))] };
    },
  },
  {
    operator: 'com.microsoft.GatherBlockQuantized',
    opsets: [17],
    make(r) {
      const rows = 4;
      return {
        attributes: { bits: 8, block_size: 16, quantize_axis: 1, gather_axis: 0 },
        operands: [
          bytes(r, [rows, 32]),
          r.integers(r.sizes(r.below(3)), () => r.index(rows)),
          r.constant(r.floats([rows, 2])),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.Pad',
    opsets: [17],
    copies: true,
    make(r) {
      const dims = r.sizes(1 + r.below(3));
      return {
        attributes: { mode: r.pick(['constant', 'reflect', 'edge', 'wrap']) },
        operands: [
          r.data(dims),
          r.maybeConstant(r.integers([2 * dims.length], () => r.pick([0, 1, 2, -1, -3, 9, 50]))),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.Trilu',
    opsets: [17],
    make(r) {
      return {
        attributes: { upper: r.below(2) },
        operands: [r.data(r.sizes(2 + r.below(2))), r.integers([1], () => r.index(4))],
      };
    },
  },
  {
    operator: 'com.microsoft.ExpandDims',
    opsets: [17],
    make: r => ({
      operands: [r.data(r.sizes(2)), r.maybeConstant(r.integers([1], () => r.index(3), 'int32'))],
    }),
  },
  {
    operator: 'com.microsoft.Range',
    opsets: [17],
    make: r => ({
      operands: [1, 2, 3].map(() => ({
        ...r.floats([1], () => r.pick([0, 1, -1, 5, 1e9, -1e-9])),
        dims: [],
      })),
    }),
  },
  {
    operator: 'com.microsoft.Unique',
    opsets: [17],
    more: 2,
    make: r => ({ operands: [r.data([r.size()])] }),
  },
  {
    operator: 'com.microsoft.UnfoldTensor',
    opsets: [17],
    make(r) {
      const dims = r.sizes(1 + r.below(3));
      const dim = r.below(dims.length);
      return { attributes: { dim, size: 1 + r.below(4), step: 1 + r.below(3) }, operands: [r.data(dims)] };
    },
  },
  {
    operator: 'com.microsoft.MaxpoolWithMask',
    opsets: [17],
    make(r) {
      const dims = image(r);
      return {
        attributes: { kernel_shape: [window(r), window(r)] },
        operands: [
          r.floats(dims),
          r.integers(
            dims.map(size => near(r, size)),
            () => r.below(2),
            'int32',
          ),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.ConvTransposeWithDynamicPads',
    opsets: [17],
    make(r) {
      return {
        attributes: { kernel_shape: [2n, 2n], strides: [1n, 1n] },
        operands: [
          r.floats([r.size(), 2, r.size(), r.size()]),
          r.constant(r.floats([2, 1, 2, 2])),
          r.integers([4], () => r.pick([0, 1, 2, -1, 50])),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.WordConvEmbedding',
    opsets: [17],
    make(r) {
      return {
        attributes: { char_embedding_size: 2, conv_window_size: 2, embedding_size: 3 },
        operands: [
          r.integers(
            [r.size(), r.size(), r.size()],
            () => (r.chance(0.98) ? r.below(5) : r.index(5)),
            'int32',
          ),
          r.constant(r.floats([3, 1, 2, 2])),
          r.constant(r.floats([3])),
          r.constant(r.floats([5, 2])),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.MurmurHash3',
    opsets: [17],
    output: 'int32',
    make: r => ({
      attributes: { positive: 0 },
      operands: [r.integers(r.sizes(2), () => r.below(99), 'int32')],
    }),
  },
  {
    operator: 'com.microsoft.CDist',
    opsets: [17],
    make(r) {
      const width = r.size();
      return {
        attributes: { metric: r.pick(['sqeuclidean', 'euclidean']) },
        operands: [r.floats([r.size(), width]), r.floats([r.size(), near(r, width)])],
      };
    },
  },
  {
    operator: 'com.microsoft.DynamicTimeWarping',
    opsets: [17],
    output: 'int32',
    make: r => ({ operands: [r.floats(r.chance(0.5) ? [r.size(), r.size()] : [1, r.size(), r.size()])] }),
  },
  ...['FusedMatMul', 'TransposeMatMul'].map(
    (operator): KernelFuzz => ({
      operator: `com.microsoft.${operator}`,
      opsets: [17],
      make(r) {
        const [rows, inner, columns] = [r.size(), r.size(), r.size()];
        const flags = { transA: r.below(2), transB: r.below(2) };
        const batch = r.chance(0.5) ? [r.size()] : [];
        return {
          attributes: operator === 'FusedMatMul' ? { ...flags, transBatchA: 0, transBatchB: 0 } : flags,
          operands: [
            r.floats([...batch, ...(flags.transA ? [inner, rows] : [rows, inner])]),
            r.floats([...batch, ...(flags.transB ? [columns, near(r, inner)] : [near(r, inner), columns])]),
          ],
        };
      },
    }),
  ),
  {
    operator: 'com.microsoft.MatMulNBits',
    opsets: [17],
    make(r) {
      const [inner, columns] = [32, 4];
      return {
        attributes: { K: inner, N: columns, bits: 4, block_size: 32 },
        operands: [
          r.floats([r.size(), r.size(), near(r, inner)]),
          bytes(r, [columns, 1, 16]),
          r.constant(r.floats([columns])),
        ],
      };
    },
  },
  {
    operator: 'com.microsoft.DynamicQuantizeMatMul',
    opsets: [17],
    make: r => ({
      operands: [r.floats([r.size(), r.size(), near(r, 3)]), bytes(r, [3, 4]), scale(r), zero(r)],
    }),
  },
  {
    operator: 'com.microsoft.MatMulIntegerToFloat',
    opsets: [17],
    make: r => ({
      operands: [
        openBytes(r, [r.size(), r.size(), near(r, 3)]),
        bytes(r, [3, 4]),
        scale(r),
        scale(r),
        zero(r),
        zero(r),
      ],
    }),
  },
  {
    operator: 'com.microsoft.DynamicQuantizeLSTM',
    opsets: [17],
    make(r) {
      const [time, batch, size, hidden] = [r.size(), r.size(), 3, 2];
      const quantization = (): (Operand | undefined)[] => [
        r.constant(r.floats([1], () => 0.1)),
        r.constant({ type: 'uint8', dims: [1], data: [3] }),
      ];
      return {
        attributes: { hidden_size: hidden },
        operands: [
          r.floats([time, batch, near(r, size)]),
          bytes(r, [1, size, 4 * hidden]),
          bytes(r, [1, hidden, 4 * hidden]),
          r.constant(r.floats([1, 8 * hidden])),
          r.chance(0.6) ? lengths(r, near(r, batch), time) : undefined,
          r.chance(0.3) ? r.floats([1, near(r, batch), hidden]) : undefined,
          undefined,
          undefined,
          ...quantization(),
          ...quantization(),
        ],
      };
    },
  },
  ...['QLinearAdd', 'QLinearMul'].map(operator =>
    quantized(operator, r => {
      const dims = r.sizes(1 + r.below(3));
      const like = () => dims.map(size => (r.chance(0.2) ? 1 : near(r, size)));
      return {
        operands: [
          openBytes(r, like()),
          scale(r),
          zero(r),
          openBytes(r, like()),
          scale(r),
          zero(r),
          scale(r),
          zero(r),
        ],
      };
    }),
  ),
  ...['QLinearLeakyRelu', 'QLinearSigmoid', 'QLinearSoftmax'].map(operator =>
    quantized(operator, r => ({
      ...(operator === 'QLinearSoftmax' && { attributes: { opset: 13, axis: -1 } }),
      operands: [openBytes(r, r.sizes(2)), scale(r), zero(r), scale(r), zero(r)],
    })),
  ),
  quantized('QLinearGlobalAveragePool', r => ({
    attributes: { channels_last: r.below(2) },
    operands: [openBytes(r, image(r)), scale(r), zero(r), scale(r), zero(r)],
  })),
  quantized('QLinearConcat', r => {
    const dims = r.sizes(2);
    const part = () => [openBytes(r, [r.size(), near(r, dims[1]!)]), scale(r), zero(r)];
    return { attributes: { axis: 0 }, operands: [scale(r), zero(r), ...part(), ...part()] };
  }),
  quantized('QLinearWhere', r => {
    const dims = r.sizes(2);
    const like = () => dims.map(size => (r.chance(0.2) ? 1 : near(r, size)));
    return {
      operands: [
        r.integers(like(), () => r.below(2), 'bool'),
        openBytes(r, like()),
        scale(r),
        zero(r),
        openBytes(r, like()),
        scale(r),
        zero(r),
        scale(r),
        zero(r),
      ],
    };
  }),
  quantized('QGemm', r => ({
    operands: [
      openBytes(r, [r.size(), near(r, 3)]),
      scale(r),
      zero(r),
      bytes(r, [3, 4]),
      scale(r),
      zero(r),
      undefined,
      scale(r),
      zero(r),
    ],
  })),
  quantized('NhwcMaxPool', r => ({
    attributes: { kernel_shape: [window(r), window(r)] },
    operands: [openBytes(r, [r.size(), r.size(), r.size(), 1 + r.below(3)])],
  })),
  {
    operator: 'com.microsoft.QEmbedLayerNormalization',
    opsets: [17],
    more: 1,
    make(r) {
      const [batch, length, hidden, words] = [r.size(), r.size(), 4, 6];
      const ids = (most: number) =>
        r.integers([near(r, batch), near(r, length)], () => r.index(most), 'int32');
      const mask = r.chance(0.5)
        ? r.integers([near(r, batch), near(r, length)], () => r.below(2), 'int32')
        : undefined;
      return {
        operands: [
          ids(words),
          ids(2),
          ...[words, 5, 2].map(rows => bytes(r, [rows, hidden])),
          bytes(r, [hidden]),
          bytes(r, [hidden]),
          mask,
          ...Array.from({ length: 5 }, () => scale(r)),
          ...Array.from({ length: 5 }, () => zero(r)),
        ],
      };
    },
  },
];
