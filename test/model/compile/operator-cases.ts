import type { TensorType } from '../../../lib/contract/tensor-data.ts';
import { TensorProto_DataType as Type } from '../../../lib/model/onnx_pb.ts';
import { type Attributes, floats, graph, ints, node, tensorType, value } from '../build-model.ts';
import { elements, type Operator } from './answers.ts';

/** One use of an operator, for each type of its inputs and each opset; `undefined` where the opset has no such use. */
export interface OperatorCase {
  operator: string;
  make(type: TensorType, opset: number): Operator | undefined;
}

interface Use {
  inputs?: Record<string, number[]>;
  /** Of inputs that have a type of their own. */
  types?: Record<string, TensorType>;
  constants?: NonNullable<Operator['constants']>;
  attributes?: Attributes;
  outputs?: string[];
  /** Of the node's inputs. @default the inputs, then the constants */
  order?: string[];
  /** The first opset that has it. */
  since?: number;
}

function use(
  operator: string,
  describe: (opset: number, type: TensorType) => Use = () => ({}),
): OperatorCase {
  return {
    operator,
    make(type, opset) {
      const { inputs = { x: [3, 5] }, types = {}, constants = [], ...rest } = describe(opset, type);
      const { attributes = {}, outputs = ['y'], since = 1 } = rest;
      if (opset < since) {
        return undefined;
      }
      const names = rest.order ?? [...Object.keys(inputs), ...constants.map(({ name }) => name)];
      return {
        nodes: [node(operator, names, outputs, attributes)],
        inputs,
        types: { ...Object.fromEntries(Object.keys(inputs).map(name => [name, type])), ...types },
        constants,
        outputs,
        opset,
      };
    },
  };
}

/** Whole numbers that are an attribute before an opset, and a constant from it on. */
function given(opset: number, since: number, name: string, values: number[]): Use {
  return opset < since ? { attributes: { [name]: values.map(BigInt) } } : { constants: [ints(name, values)] };
}

const each = [
  ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Cos', 'Cosh', 'Erf', 'Exp', 'Floor'],
  ...[
    'Identity',
    'IsInf',
    'IsNaN',
    'Log',
    'Neg',
    'Not',
    'Reciprocal',
    'Relu',
    'Round',
    'Sigmoid',
    'Sign',
    'Sin',
  ],
  ...[
    'Sinh',
    'Sqrt',
    'Tan',
    'Tanh',
    'Shape',
    'Size',
    'NonZero',
    'Transpose',
    'Flatten',
    'Softmax',
    'LogSoftmax',
  ],
  ...[
    'LeakyRelu',
    'Elu',
    'Celu',
    'Selu',
    'ThresholdedRelu',
    'HardSigmoid',
    'HardSwish',
    'Softplus',
    'Softsign',
  ],
  ...['Mish', 'ArgMax', 'ArgMin', 'Dropout'],
];
const pairs = [
  ...[
    'Add',
    'Sub',
    'Mul',
    'Div',
    'Pow',
    'Min',
    'Max',
    'Mean',
    'Sum',
    'PRelu',
    'And',
    'Or',
    'Xor',
    'Equal',
    'Less',
  ],
  ...['LessOrEqual', 'Greater', 'GreaterOrEqual'],
];
const reductions = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'];

function edge(name: string, type: TensorType, dims: number[] | null = null) {
  return value(name, tensorType(elements[type], dims));
}

export const operatorCases: OperatorCase[] = [
  ...each.map(operator => use(operator)),
  use('Swish', () => ({ since: 24 })),
  ...['Softmax', 'LogSoftmax', 'ArgMax'].map(operator => use(operator, () => ({ attributes: { axis: 0 } }))),
  ...pairs.flatMap(operator => [
    use(operator, () => ({ inputs: { x: [3, 5], z: [3, 5] } })),
    use(operator, () => ({ inputs: { x: [2, 3, 5], z: [3, 1] }, since: 8 })),
  ]),
  use('Mod', (_, type) => ({
    inputs: { x: [3, 5], z: [5] },
    attributes: { fmod: Number(type.startsWith('float')) },
  })),
  ...reductions.flatMap(name => [
    use(`Reduce${name}`),
    use(`Reduce${name}`, opset => given(opset, name === 'Sum' ? 13 : 18, 'axes', [1])),
  ]),
  use('Where', () => ({ inputs: { c: [3, 1], x: [3, 5], z: [5] }, types: { c: 'bool' } })),
  use('Clip', () => ({ inputs: { x: [3, 5], least: [], most: [] }, since: 11 })),
  ...[Type.FLOAT, Type.DOUBLE, Type.INT32, Type.INT64, Type.BOOL, Type.STRING, Type.FLOAT16].map(to =>
    use('Cast', () => ({ attributes: { to } })),
  ),
  use('CastLike', () => ({ inputs: { x: [3, 5], z: [1] }, types: { z: 'float64' }, since: 15 })),
  use('Concat', () => ({ inputs: { x: [3, 5], z: [3, 2] }, attributes: { axis: 1 } })),
  use('Compress', () => ({
    inputs: { x: [3, 5], c: [3] },
    types: { c: 'bool' },
    attributes: { axis: 0 },
    since: 9,
  })),
  use('ConstantOfShape', () => ({ inputs: {}, constants: [ints('s', [2, 3])], since: 9 })),
  use('CumSum', () => ({ constants: [ints('axis', [1], [])], since: 11 })),
  use('Expand', () => ({ inputs: { x: [3, 1] }, constants: [ints('s', [2, 1, 4])], since: 8 })),
  use('Gather', () => ({ constants: [ints('i', [1, 0, -1])], attributes: { axis: 1 } })),
  use('GatherElements', () => ({ constants: [ints('i', [1, 0, 2, 0, 1], [1, 5])], since: 11 })),
  use('GatherND', () => ({ constants: [ints('i', [1, 0, 2, -1], [2, 2])], since: 11 })),
  use('OneHot', () => ({
    inputs: {},
    constants: [ints('i', [0, 3, -1]), ints('depth', [4], []), floats('v', [2], Float32Array.of(2, 5))],
    since: 9,
  })),
  ...['constant', 'reflect', 'edge', 'wrap'].map(mode =>
    use('Pad', opset => ({
      ...given(opset, 11, 'pads', [1, 2, -1, 3]),
      attributes: { mode, ...given(opset, 11, 'pads', [1, 2, -1, 3]).attributes },
      since: mode === 'wrap' ? 19 : 2,
    })),
  ),
  use('Pad', () => ({
    inputs: { x: [2, 3, 5], fill: [] },
    constants: [ints('pads', [1, 2]), ints('axes', [-2])],
    order: ['x', 'pads', 'fill', 'axes'],
    since: 18,
  })),
  use('Range', () => ({ inputs: { from: [], to: [], by: [] }, since: 11 })),
  use('Reshape', () => ({ constants: [ints('s', [5, -1])] })),
  use('Slice', opset =>
    opset < 10
      ? { attributes: { starts: [1n], ends: [4n], axes: [1n] } }
      : { constants: [ints('s', [4]), ints('e', [-9]), ints('a', [1]), ints('t', [-2])] },
  ),
  use('Split', opset => ({ ...given(opset, 13, 'split', [1, 2]), outputs: ['y', 'z'] })),
  use('Squeeze', opset => ({ inputs: { x: [3, 1] }, ...given(opset, 13, 'axes', [1]) })),
  use('Unsqueeze', opset => given(opset, 13, 'axes', [1])),
  use('Tile', () => ({ constants: [ints('n', [2, 3])] })),
  ...[0, 1].flatMap(upper => [
    use('Trilu', () => ({ inputs: { x: [2, 4, 5] }, attributes: { upper }, since: 14 })),
    use('Trilu', () => ({
      inputs: { x: [5, 3] },
      constants: [ints('k', [upper === 0 ? 1 : -2], [])],
      attributes: { upper },
      since: 14,
    })),
  ]),
  use('TopK', opset => ({
    outputs: ['y', 'z'],
    ...(opset < 10 ? { attributes: { k: 2 } } : { constants: [ints('k', [2])] }),
  })),
  use('MatMul', () => ({ inputs: { x: [3, 5], z: [5, 4] } })),
  use('Gemm', () => ({ inputs: { x: [3, 5], z: [5, 4], c: [4] }, since: 7 })),
  use('Einsum', () => ({
    inputs: { x: [3, 5], z: [5, 4] },
    attributes: { equation: 'ij,jk->ik' },
    since: 12,
  })),
  use('com.microsoft.CDist', () => ({
    inputs: { x: [3, 5], z: [4, 5] },
    attributes: { metric: 'sqeuclidean' },
  })),
  use('com.microsoft.CDist', () => ({
    inputs: { x: [3, 5], z: [4, 5] },
    attributes: { metric: 'euclidean' },
  })),
  use('com.microsoft.Tokenizer', () => ({
    inputs: { x: [6] },
    attributes: { mark: 0, mincharnum: 1, pad_value: '#', separators: ['1'] },
  })),
  {
    operator: 'ScatterElements',
    make: (type, opset) =>
      opset < 11
        ? undefined
        : {
            nodes: [node('ScatterElements', ['x', 'i', 'u'], ['y'], { axis: 1 })],
            inputs: { x: [3, 5], u: [3, 1] },
            types: { x: type, u: type },
            constants: [ints('i', [4, 0, -1], [3, 1])],
            outputs: ['y'],
            opset,
          },
  },
  {
    operator: 'ScatterND',
    make: (type, opset) =>
      opset < 11
        ? undefined
        : {
            nodes: [node('ScatterND', ['x', 'i', 'u'], ['y'])],
            inputs: { x: [3, 5], u: [2, 5] },
            types: { x: type, u: type },
            constants: [ints('i', [2, 0], [2, 1])],
            outputs: ['y'],
            opset,
          },
  },
  {
    operator: 'If',
    make: (type, opset) => {
      const branch = (from: string) =>
        graph({ node: [node('Identity', [from], [`of-${from}`])], output: [edge(`of-${from}`, type)] });
      return {
        nodes: [node('If', ['c'], ['y'], { then_branch: branch('x'), else_branch: branch('z') })],
        inputs: { c: [], x: [3, 5], z: [3, 5] },
        types: { c: 'bool', x: type, z: type },
        outputs: ['y'],
        opset,
      };
    },
  },
  {
    operator: 'Loop',
    make: (type, opset) => {
      // ONNX Runtime loses the strings that turns leave behind.
      if (type === 'string') {
        return undefined;
      }
      const body = graph({
        node: [
          node('Identity', ['c'], ['d']),
          node('Concat', ['a', 'x'], ['b'], { axis: 0 }),
          node('Identity', ['x'], ['s']),
        ],
        input: [edge('i', 'int64', []), edge('c', 'bool', []), edge('a', type)],
        output: [edge('d', 'bool', []), edge('b', type), edge('s', type)],
      });
      return {
        nodes: [node('Loop', ['n', '', 'x'], ['y', 'z'], { body })],
        inputs: { x: [2] },
        types: { x: type },
        constants: [ints('n', [3], [])],
        outputs: ['y', 'z'],
        opset,
      };
    },
  },
  {
    operator: 'Scan',
    make: (type, opset) => {
      const body = graph({
        node: [node('Identity', ['a'], ['b']), node('Concat', ['a', 'e'], ['s'], { axis: 0 })],
        input: [edge('a', type), edge('e', type)],
        output: [edge('b', type), edge('s', type)],
      });
      return opset < 9
        ? undefined
        : {
            nodes: [node('Scan', ['x', 'z'], ['y', 's'], { body, num_scan_inputs: 1 })],
            inputs: { x: [2], z: [3, 5] },
            types: { x: type, z: type },
            outputs: ['y', 's'],
            opset,
          };
    },
  },
  ...(['SequenceAt', 'ConcatFromSequence'] as const).flatMap(operator =>
    ['SequenceConstruct', operator].map(
      (counted): OperatorCase => ({
        operator: counted,
        make: (type, opset) =>
          opset < 11
            ? undefined
            : {
                nodes: [
                  node('SequenceConstruct', ['x', 'z'], ['q']),
                  operator === 'SequenceAt'
                    ? node(operator, ['q', 'i'], ['y'])
                    : node(operator, ['q'], ['y'], { axis: 0 }),
                ],
                inputs: { x: [2, 3], z: [4, 3] },
                types: { x: type, z: type },
                constants: [ints('i', [1], [])],
                outputs: ['y'],
                opset,
              },
      }),
    ),
  ),
];
