import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelProto, NodeProto } from '../../lib/model/onnx_pb.ts';
import { rewriteModel } from '../../lib/model/passes/index.ts';
import { sizings } from '../../lib/model/passes/sizes/table.ts';
import { type EngineResult, startEngine } from '../../lib/model/press/engine-process.ts';
import { makeTensor } from '../../lib/model/press/tensors.ts';
import { decodeModel } from '../../lib/model/read.ts';
import { encodeModel, writeModel } from '../../lib/model/write.ts';
import { type Attributes, graph, ints, model, node, tensorType, value } from './build-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldpress-guards-'));
const limits = { timeoutMs: 20_000, memoryBytes: 1e9 };

type Datatype = 'INT32' | 'INT64' | 'FP32';
type Input = [datatype: Datatype, dims: number[], values: number[]];
type Inputs = Record<string, Input>;

const elements = { INT32: 'INT32', INT64: 'INT64', FP32: 'FLOAT' } as const;
let count = 0;

function rewrite(proto: ModelProto) {
  return rewriteModel(decodeModel(Buffer.concat(encodeModel(proto)), 'model.onnx'));
}

/** The rewritten model's answers to each of the inputs, in one process. */
async function answers(proto: ModelProto, requests: Inputs[]): Promise<EngineResult[]> {
  const path = join(folder, `${count++}.onnx`);
  await writeModel(rewrite(proto).model, path);
  const engine = startEngine(limits);
  try {
    const results = [await engine.request({ op: 'open', path, options: {} })];
    for (const request of requests) {
      const inputs = Object.entries(request).map(([name, [datatype, dims, values]]) =>
        makeTensor({ name, datatype }, dims, datatype === 'INT64' ? values.map(BigInt) : values),
      );
      results.push(await engine.request({ op: 'run', inputs, outputs: ['y'] }));
    }
    expect(results[0]).toMatchObject({ kind: 'answered' });
    return results.slice(1);
  } finally {
    engine.close();
  }
}

/** A model of the inputs that a request has, with open dimensions, save the length of `sizes`, which Resize must know. */
function taking(
  nodes: NodeProto[],
  inputs: Inputs,
  { opset = 17, output = 'FP32' as Datatype } = {},
): ModelProto {
  const input = Object.entries(inputs).map(([name, [datatype, dims]]) =>
    value(
      name,
      tensorType(
        elements[datatype],
        dims.map((size, axis) => (name === 'sizes' ? size : `${name}${axis}`)),
      ),
    ),
  );
  return model(graph({ node: nodes, input, output: [value('y', tensorType(elements[output], null))] }), {
    '': opset,
    'com.microsoft': 1,
  });
}

const sizesOf = (result: EngineResult | undefined) =>
  result?.kind === 'answered' ? result.tensors[0]!.dims : result;

test.each<['INT32' | 'INT64', string, number[]]>([
  ['INT32', 'Div', [-(2 ** 31), -7, 3, -4, 0]],
  ['INT32', 'Mod', [0, 0, 1, 0, 0]],
  ['INT64', 'Div', [-(2 ** 63), -7, 3, -4, 0]],
  ['INT64', 'Mod', [0, 0, 1, 0, 0]],
])('%s %s by -1 and others', async (datatype, operator, expected) => {
  const lowest = datatype === 'INT32' ? -(2 ** 31) : -(2 ** 63);
  const request: Inputs = {
    a: [datatype, [5], [lowest, 7, 7, 4, 0]],
    b: [datatype, [5], [-1, -1, 2, -1, -1]],
  };
  const [result] = await answers(taking([node(operator, ['a', 'b'], ['y'])], request, { output: datatype }), [
    request,
  ]);
  expect(result).toMatchObject({ kind: 'answered' });
  expect(Array.from(result!.kind === 'answered' ? result!.tensors[0]!.data : [], Number)).toEqual(expected);
});

test.each<[string, NodeProto[], string[]]>([
  ['a divisor that is a harmless constant', [node('Div', ['a', 'two'], ['y'])], []],
  ['shape arithmetic', [node('Shape', ['a'], ['s']), node('Div', ['s', 'minus'], ['y'])], []],
  ['a constant of -1', [node('Div', ['a', 'minus'], ['y'])], ['integer-division']],
  ['what is computed', [node('Abs', ['a'], ['h']), node('Mod', ['h', 'a'], ['y'])], ['integer-division']],
  [
    'floats',
    [
      node('Cast', ['a'], ['f'], { to: 1 }),
      node('Div', ['f', 'f'], ['g']),
      node('Cast', ['g'], ['y'], { to: 7 }),
    ],
    [],
  ],
])('integer division, guarded where it can overflow: %s', (_, nodes, names) => {
  const proto = taking(nodes, { a: ['INT64', [1], []] }, { output: 'INT64' });
  proto.graph!.initializer = [ints('two', [2]), ints('minus', [-1])];
  expect(rewrite(proto).applied.map(({ name }) => name)).toEqual(names);
});

const small: Input = ['FP32', [2, 3], [1, 2, 3, 4, 5, 6]];
const scalar = (number: number): Input => ['INT64', [], [number]];
const list = (...numbers: number[]): Input => ['INT64', [numbers.length], numbers];
const huge = 2 ** 40;
const of = (operator: string, inputs: string[], attributes: Attributes = {}) => [
  node(operator, inputs, ['y'], attributes),
];

test.each<[string, NodeProto[], Inputs, number[], Partial<Inputs>, number?]>([
  ['HannWindow', of('HannWindow', ['n']), { n: scalar(5) }, [5], { n: scalar(huge) }],
  [
    'HammingWindow',
    of('HammingWindow', ['n']),
    { n: ['INT32', [], [5]] },
    [5],
    { n: ['INT32', [], [2 ** 30]] },
  ],
  [
    'Range',
    [node('Range', ['a', 'b', 'c'], ['r']), node('Cast', ['r'], ['y'], { to: 1 })],
    { a: scalar(2), b: scalar(12), c: scalar(5) },
    [2],
    { a: scalar(-huge), c: scalar(1) },
  ],
  ['ConstantOfShape', of('ConstantOfShape', ['s']), { s: list(2, 3) }, [2, 3], { s: list(2 ** 20, 2 ** 20) }],
  ['ConstantOfShape of no dimension', of('ConstantOfShape', ['s']), { s: list() }, [], { s: list(huge) }],
  ['Expand', of('Expand', ['x', 's']), { x: small, s: list(4, 1, 3) }, [4, 2, 3], { s: list(2 ** 25, 1, 1) }],
  ['Expand to fewer', of('Expand', ['x', 's']), { x: small, s: list(1) }, [2, 3], { s: list(huge, 1, 3) }],
  [
    'Expand at opset 9',
    of('Expand', ['x', 's']),
    { x: small, s: list(2, 3) },
    [2, 3],
    { s: list(2 ** 26, 2, 3) },
    9,
  ],
  ['Tile', of('Tile', ['x', 's']), { x: small, s: list(2, 2) }, [4, 6], { s: list(2 ** 13, 2 ** 13) }],
  [
    'OneHot',
    [node('Cast', ['x'], ['i'], { to: 7 }), ...of('OneHot', ['i', 'n', 'v'])],
    { x: small, n: scalar(9), v: ['FP32', [2], [0, 1]] },
    [2, 3, 9],
    { n: scalar(2 ** 25) },
  ],
  ['Pad', of('Pad', ['x', 's']), { x: small, s: list(1, 0, 1, 2) }, [4, 5], { s: list(0, 2 ** 30, 0, 0) }],
  [
    'Pad at opset 11',
    of('Pad', ['x', 's']),
    { x: small, s: list(1, 0, 1, 2) },
    [4, 5],
    { s: list(0, 2 ** 30, 0, 0) },
    11,
  ],
  [
    'Pad of an axis',
    of('Pad', ['x', 's', '', 'a']),
    { x: small, s: list(1, 1), a: list(1) },
    [2, 5],
    { s: list(2 ** 30, 0) },
    18,
  ],
  [
    'Resize by sizes',
    of('Resize', ['x', '', '', 'sizes']),
    { x: small, sizes: list(4, 6) },
    [4, 6],
    { sizes: list(2 ** 15, 2 ** 15) },
  ],
  [
    'Resize by scales',
    of('Resize', ['x', '', 'f']),
    { x: small, f: ['FP32', [2], [2, 2]] },
    [4, 6],
    { f: ['FP32', [2], [1e4, 1e4]] },
  ],
  [
    'Resize of an axis',
    of('Resize', ['x', '', '', 'sizes'], { axes: [1n] }),
    { x: small, sizes: list(6) },
    [2, 6],
    { sizes: list(2 ** 27) },
    18,
  ],
  [
    'Upsample',
    of('Upsample', ['x', 'f']),
    { x: small, f: ['FP32', [2], [2, 2]] },
    [4, 6],
    { f: ['FP32', [2], [1e4, 1e4]] },
    9,
  ],
  [
    'CenterCropPad',
    of('CenterCropPad', ['x', 's'], { axes: [1n] }),
    { x: small, s: list(6) },
    [2, 6],
    { s: list(2 ** 27) },
    18,
  ],
  [
    'DFT',
    [node('Unsqueeze', ['x', 'a'], ['h']), ...of('DFT', ['h', 'n'])],
    { x: small, n: scalar(4), a: list(2) },
    [2, 4, 2],
    { n: scalar(2 ** 27) },
  ],
  [
    'MelWeightMatrix',
    of('MelWeightMatrix', ['n', 'd', 'r', 'l', 'u']),
    { n: scalar(4), d: scalar(8), r: scalar(16), l: ['FP32', [], [0]], u: ['FP32', [], [8]] },
    [5, 4],
    { n: scalar(2 ** 14), d: scalar(2 ** 14) },
  ],
  [
    'STFT',
    [node('Unsqueeze', ['x', 'a'], ['h']), ...of('STFT', ['h', 'n', '', 'l'])],
    { x: ['FP32', [1, 6], [1, 2, 3, 4, 5, 6]], n: scalar(2), l: scalar(2), a: list(2) },
    [1, 3, 2, 2],
    { l: scalar(2 ** 27) },
  ],
  [
    'Pad wrapping around once',
    of('Pad', ['x', 's'], { mode: 'wrap' }),
    { x: small, s: list(0, 3, 2, 1) },
    [4, 7],
    { s: list(0, 4, 0, 0) },
    19,
  ],
  [
    'Pad wrapping what is cut first',
    of('Pad', ['x', 's'], { mode: 'wrap' }),
    { x: small, s: list(0, 1, 0, -2) },
    [2, 2],
    { s: list(0, 2, 0, -2) },
    19,
  ],
  ['Unique of an axis', of('Unique', ['x'], { axis: 0 }), { x: small }, [2, 3], { x: ['FP32', [5, 0], []] }],
  [
    'Concat',
    of('Concat', ['x', 'z'], { axis: 0 }),
    { x: small, z: ['FP32', [1, 3], [7, 8, 9]] },
    [3, 3],
    { z: ['FP32', [5, 0], []] },
  ],
  [
    'GRU',
    [
      node('ConstantOfShape', ['w'], ['ones'], {}),
      node('GRU', ['x', 'ones', 'ones'], ['all', 'y'], { hidden_size: 1 }),
    ],
    { x: ['FP32', [2, 1, 1], [1, 2]], w: list(1, 3, 1) },
    [1, 1, 1],
    { x: ['FP32', [2, 0, 1], []] },
  ],
  [
    'Inverse of what is not square',
    of('com.microsoft.Inverse', ['x']),
    { x: ['FP32', [1, 2, 2], [1, 2, 3, 5]] },
    [1, 2, 2],
    { x: ['FP32', [1, 2, 1], [1, 2]] },
  ],
  [
    'FusedMatMul over nothing',
    of('com.microsoft.FusedMatMul', ['a', 'b']),
    { a: ['FP32', [1, 2], [1, 2]], b: ['FP32', [2, 1], [3, 4]] },
    [1, 1],
    { a: ['FP32', [1, 0], []], b: ['FP32', [0, 1], []] },
  ],
  [
    'Pad of com.microsoft wrapping around more than once',
    of('com.microsoft.Pad', ['x', 's'], { mode: 'wrap' }),
    { x: ['FP32', [2], [1, 2]], s: list(1, 1) },
    [4],
    { s: list(9, 2) },
  ],
  [
    'Range of com.microsoft',
    of('com.microsoft.Range', ['a', 'b', 'c']),
    { a: ['FP32', [], [0]], b: ['FP32', [], [4]], c: ['FP32', [], [1]] },
    [4],
    { b: ['FP32', [], [1e9]] },
  ],
  [
    'WordConvEmbedding of a character beyond its table',
    [
      node('ConstantOfShape', ['k'], ['kernel'], {}),
      node('ConstantOfShape', ['n'], ['bias'], {}),
      node('ConstantOfShape', ['t'], ['table'], {}),
      ...of('com.microsoft.WordConvEmbedding', ['w', 'kernel', 'bias', 'table'], {
        char_embedding_size: 2,
        conv_window_size: 2,
        embedding_size: 3,
      }),
    ],
    { w: ['INT32', [1, 3], [1, 2, 3]], k: list(3, 1, 2, 2), n: list(3), t: list(5, 2) },
    [1, 3],
    { w: ['INT32', [1, 3], [1, 2, 5]] },
  ],
  [
    'Resize of a region',
    of('Resize', ['x', 'r', 'f'], {
      coordinate_transformation_mode: 'tf_crop_and_resize',
      mode: 'linear',
      antialias: 1,
    }),
    { x: small, r: ['FP32', [4], [0, 0, 1, 1]], f: ['FP32', [2], [2, 2]] },
    [4, 6],
    { r: ['FP32', [4], [0, 0, 1e9, Number.NaN]] },
    18,
  ],
])(
  'a request may ask %s for a little, not for everything',
  async (_, nodes, inputs, dims, asking, opset = 17) => {
    const proto = taking(nodes, inputs, { opset });
    const [fine, refused, again] = await answers(proto, [inputs, { ...inputs, ...asking } as Inputs, inputs]);
    expect(sizesOf(fine)).toEqual(dims);
    expect(refused).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/coldpress\/(elements|turns|guard)\//),
    });
    expect(sizesOf(again)).toEqual(dims);
  },
);

test('the turns of a loop that keeps a thousand numbers of each', async () => {
  const body = graph({
    node: [
      node('Identity', ['c'], ['d']),
      node('Constant', [], ['k'], { value_ints: [1000n] }),
      node('ConstantOfShape', ['k'], ['r']),
    ],
    input: [value('i', tensorType('INT64', [])), value('c', tensorType('BOOL', []))],
    output: [value('d', tensorType('BOOL', [])), value('r', tensorType('FLOAT', [1000]))],
  });
  const proto = taking([node('Loop', ['n', ''], ['y'], { body })], { n: scalar(3) });
  const results = await answers(proto, [{ n: scalar(3) }, { n: scalar(99_000) }]);
  expect(sizesOf(results[0])).toEqual([3, 1000]);
  expect(results[1]).toMatchObject({ kind: 'refused' });
});

test('TopK of no rows is none', async () => {
  const request: Inputs = { x: small, k: list(2) };
  const proto = taking([node('TopK', ['x', 'k'], ['', 'i']), node('Cast', ['i'], ['y'], { to: 1 })], request);
  const results = await answers(proto, [request, { ...request, x: ['FP32', [0, 3], []] }]);
  expect(results.map(sizesOf)).toEqual([
    [2, 2],
    [0, 2],
  ]);
});

test('transforms on which the engine would never end', async () => {
  const request: Inputs = { x: ['FP32', [1, 3, 2], [1, 2, 3, 4, 5, 6]], a: scalar(1) };
  const inverse = of('DFT', ['x', '', 'a'], { inverse: 1, onesided: 1 });
  const results = await answers(taking(inverse, request, { opset: 20 }), [
    request,
    { ...request, a: scalar(7) },
    { ...request, a: scalar(0) },
    { ...request, x: ['FP32', [1, 1, 2], [1, 2]] },
  ]);
  expect(sizesOf(results[0])).toEqual([1, 4, 1]);
  expect(results.map(({ kind }) => kind)).toEqual(['answered', 'refused', 'refused', 'refused']);
});

test('the turns of a loop, and what a body makes of a number from outside', async () => {
  const body = graph({
    node: [
      node('ConstantOfShape', ['s'], ['h']),
      node('Identity', ['c'], ['d']),
      node('ReduceSum', ['h'], ['t']),
      node('Add', ['a', 't'], ['b']),
    ],
    input: [
      value('i', tensorType('INT64', [])),
      value('c', tensorType('BOOL', [])),
      value('a', tensorType('FLOAT', null)),
    ],
    output: [value('d', tensorType('BOOL', [])), value('b', tensorType('FLOAT', null))],
  });
  const zero = node('ConstantOfShape', ['none'], ['z']);
  const proto = taking([zero, node('Loop', ['n', '', 'z'], ['y'], { body })], { n: scalar(3), s: list(2) });
  proto.graph!.initializer = [ints('none', [])];
  const results = await answers(proto, [
    { n: scalar(3), s: list(2) },
    { n: scalar(huge), s: list(2) },
    { n: scalar(3), s: list(huge) },
  ]);
  expect(results.map(({ kind }) => kind)).toEqual(['answered', 'refused', 'refused']);
});

test('what cannot go wrong is not guarded', () => {
  const fixed = (name: string, ...shape: number[]) => value(name, tensorType('FLOAT', shape));
  const nodes = [
    node('Relu', ['x'], ['h']),
    node('Concat', ['h', 'x'], ['c'], { axis: 0 }),
    node('Concat', ['a', 'b'], ['d'], { axis: 0 }),
    node('Pad', ['a', 'p'], ['e'], { mode: 'wrap' }),
    node('TopK', ['a', 'k'], ['y', 'i']),
  ];
  const proto = model(
    graph({
      node: nodes,
      initializer: [ints('p', [1, 2, 1, 3]), ints('k', [1])],
      input: [value('x', tensorType('FLOAT', ['N', 3])), fixed('a', 2, 3), fixed('b', 2, 3)],
      output: [value('y', tensorType('FLOAT', null))],
    }),
    { '': 19 },
  );
  expect(rewrite(proto).applied).toEqual([]);
});

test('sizes that follow from shapes and constants need no gate', () => {
  const nodes = [
    node('Shape', ['x'], ['s']),
    node('ConstantOfShape', ['s'], ['h']),
    node('Expand', ['h', 's'], ['y']),
  ];
  expect(rewrite(taking(nodes, { x: small })).applied).toEqual([]);
});

test.each(
  sizings.flatMap(({ operators, inputs }) =>
    operators.flatMap(operator => inputs.map(index => [operator, index] as const)),
  ),
)('%s with nothing but input %i is left to the checks', (operator, index) => {
  const input = [...Array<string>(index).fill(''), 'x'];
  for (const inputs of [input, ['x'], []]) {
    const { model: rewritten } = rewrite(taking([node(operator, inputs, ['y'])], { x: small }));
    encodeModel(rewritten.proto);
  }
});
