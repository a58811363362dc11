import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { afterAll, expect, test } from 'vitest';
import { defaultElements } from '../../../lib/contract/elements-input.ts';
import { MODEL_FILE, PROGRAM_FILE, WEIGHTS_FILE } from '../../../lib/contract/files.ts';
import { SCHEMA_VERSION } from '../../../lib/contract/manifest.ts';
import { compileModel } from '../../../lib/model/compile/compile.ts';
import type { ModelProto, NodeProto } from '../../../lib/model/onnx_pb.ts';
import { openEngine } from '../../../lib/model/press/open-engine.ts';
import { openReference } from '../../../lib/model/press/open-reference.ts';
import { answerRandomly } from '../../../lib/model/press/prove.ts';
import { smallestInputs } from '../../../lib/model/press/prove-served.ts';
import { copyModel } from '../../../lib/model/press/stage.ts';
import { type OnnxModel, readModel } from '../../../lib/model/read.ts';
import { learnBounds } from '../../../lib/model/sizes/learn-bounds.ts';
import type { ElementType } from '../../../lib/model/types.ts';
import { writeModel } from '../../../lib/model/write.ts';
import { openModel } from '../../../lib/runtime/open-model.ts';
import { limitElements } from '../../../lib/runtime/size-bounds.ts';
import { limitTo } from '../../../lib/runtime/too-large.ts';
import { type Dim, graph, ints, model, node, tensorType, value } from '../build-model.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-limits-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const http = { limits: { elements: 2 ** 25 } };

type Shapes = Record<string, number[] | bigint | string[]>;

type Engine = 'onnxruntime' | 'compiled';

interface Row {
  name: string;
  nodes: NodeProto[];
  inputs: Record<string, [ElementType, Dim[]]>;
  output?: ElementType;
  /** Shapes of zeros, a number, or strings. */
  fine: Shapes;
  tooMuch: Shapes;
  says: RegExp;
  engines?: Engine[];
}

const turnInputs = [value('i', tensorType('INT64', [])), value('c', tensorType('BOOL', []))];
const goesOn = value('d', tensorType('BOOL', []));
const keeping = (shape: Dim[], ...made: NodeProto[]) =>
  graph({
    node: [node('Identity', ['c'], ['d']), ...made],
    input: turnInputs,
    output: [goesOn, value('k', tensorType('FLOAT', shape))],
  });
const carrying = (shape: Dim[]) =>
  graph({
    node: [node('Identity', ['c'], ['d']), node('Neg', ['v'], ['w'])],
    input: [...turnInputs, value('v', tensorType('FLOAT', shape))],
    output: [goesOn, value('w', tensorType('FLOAT', shape))],
  });

const rows: Row[] = [
  {
    name: 'attention over an open length',
    nodes: [
      node('Transpose', ['x'], ['t'], { perm: [0n, 2n, 1n] }),
      node('MatMul', ['x', 't'], ['s']),
      node('Softmax', ['s'], ['p'], { axis: -1 }),
      node('MatMul', ['p', 'x'], ['y']),
    ],
    inputs: { x: ['FLOAT', ['N', 'L', 4]] },
    fine: { x: [2, 100, 4] },
    tooMuch: { x: [1, 8000, 4] },
    says: /MatMul exceed a limit: 64000000 elements.*33554432.*http\.limits\.elements/,
  },
  {
    name: 'a sum of two open dimensions',
    nodes: [node('Add', ['a', 'b'], ['h']), node('ReduceMax', ['h'], ['y'], { keepdims: 0 })],
    inputs: { a: ['FLOAT', ['N', 1]], b: ['FLOAT', [1, 'M']] },
    fine: { a: [30, 1], b: [1, 40] },
    tooMuch: { a: [6000, 1], b: [1, 6000] },
    says: /Add exceed a limit: 36000000 elements/,
  },
  {
    name: 'each row beside each other row',
    nodes: [
      node('Unsqueeze', ['x', 'one'], ['u']),
      node('Sub', ['u', 'x'], ['h']),
      node('ReduceSum', ['h', 'one'], ['y'], { keepdims: 0 }),
    ],
    inputs: { x: ['FLOAT', ['N', 4]] },
    fine: { x: [50, 4] },
    tooMuch: { x: [3000, 4] },
    says: /Sub exceed a limit: 36000000 elements/,
  },
  {
    name: 'two open dimensions in one, by itself',
    nodes: [
      node('Reshape', ['x', 'column'], ['h']),
      node('Reshape', ['x', 'row'], ['g']),
      node('MatMul', ['h', 'g'], ['m']),
      node('ReduceMax', ['m'], ['y'], { keepdims: 0 }),
    ],
    inputs: { x: ['FLOAT', ['N', 'L']] },
    fine: { x: [10, 10] },
    tooMuch: { x: [100, 60] },
    says: /MatMul exceed a limit: 36000000 elements/,
  },
  {
    name: 'what a loop keeps of each turn, declared',
    nodes: [node('Loop', ['n', ''], ['y'], { body: keeping([200_000], node('Identity', ['many'], ['k'])) })],
    inputs: { n: ['INT64', []] },
    fine: { n: 3n },
    tooMuch: { n: 200n },
    says: /Loop exceed a limit: (more|\d+) elements.*33554432 \(http\.limits\.elements\)/,
  },
  {
    name: 'what a loop keeps of each turn, of an open size',
    nodes: [node('Loop', ['n', ''], ['y'], { body: keeping([null], node('Identity', ['x'], ['k'])) })],
    inputs: { n: ['INT64', []], x: ['FLOAT', ['N']] },
    fine: { n: 3n, x: [4] },
    tooMuch: { n: 250n, x: [200_000] },
    says: /Loop exceed a limit: (more|\d+) elements.*33554432 \(http\.limits\.elements\)/,
  },
  {
    name: 'a loop that only a condition ends',
    nodes: [
      node('Loop', ['', 'go', 'x'], ['y'], {
        body: graph({
          node: [
            node('ReduceMax', ['v'], ['m'], { keepdims: 0 }),
            node('Cast', ['m'], ['d'], { to: 9 }),
          ].concat(node('Identity', ['v'], ['w'])),
          input: [...turnInputs, value('v', tensorType('FLOAT', ['N']))],
          output: [goesOn, value('w', tensorType('FLOAT', ['N']))],
        }),
      }),
    ],
    inputs: { go: ['BOOL', []], x: ['FLOAT', ['N']] },
    fine: { go: 0n, x: [1] },
    tooMuch: { go: 1n, x: [3] },
    says: /Loop exceed a limit: (more|\d+) turns/,
  },
  {
    name: 'a loop of many turns',
    nodes: [node('Loop', ['n', '', 'x'], ['y'], { body: carrying(['N']) })],
    inputs: { n: ['INT64', []], x: ['FLOAT', ['N']] },
    fine: { n: 20n, x: [4] },
    tooMuch: { n: 200_000n, x: [1] },
    says: /Loop exceed a limit: 200000 turns/,
  },
  {
    name: 'a loop of many turns over many elements',
    nodes: [node('Loop', ['n', '', 'x'], ['y'], { body: carrying(['N']) })],
    inputs: { n: ['INT64', []], x: ['FLOAT', ['N']] },
    fine: { n: 20n, x: [4] },
    tooMuch: { n: 90_000n, x: [16_000_000] },
    says: /Loop exceed a limit: (14\d{11} elements|90000 turns)/,
  },
  {
    name: 'a number that says how often to repeat',
    nodes: [node('Tile', ['x', 's'], ['y'])],
    inputs: { x: ['FLOAT', ['N']], s: ['INT64', [1]] },
    fine: { x: [4], s: [1] },
    tooMuch: { x: [4], s: ['9000000'] },
    says: /Tile exceed a limit: 36000000 elements.*33554432 \(http\.limits\.elements\)/,
  },
  {
    name: 'texts that are split',
    nodes: [node('StringSplit', ['x'], ['z', 'y'], { delimiter: '' })],
    inputs: { x: ['STRING', ['N']] },
    output: 'INT64',
    fine: { x: ['a b', 'c'] },
    tooMuch: { x: ['a '.repeat(10_000), ...Array<string>(1000).fill('')] },
    says: /StringSplit exceed a limit: 160168008 elements/,
    engines: ['onnxruntime'],
  },
];

const datatypes = { FLOAT: 'FP32', INT64: 'INT64', BOOL: 'BOOL', STRING: 'BYTES' } as const;

function request(row: Row, shapes: Shapes) {
  const inputs = Object.entries(shapes).map(([name, given]) => {
    const [element, declared] = row.inputs[name]!;
    const datatype = datatypes[element as keyof typeof datatypes];
    if (typeof given === 'bigint') {
      return { name, datatype, shape: [], data: datatype === 'BOOL' ? [given !== 0n] : [given] };
    }
    if (typeof given[0] === 'string') {
      const data = datatype === 'INT64' ? (given as string[]).map(BigInt) : given;
      return { name, datatype, shape: [given.length], data };
    }
    if (datatype === 'INT64') {
      return { name, datatype, shape: declared.map(Number), data: (given as number[]).map(BigInt) };
    }
    const shape = given as number[];
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(
      name === 'x' && 'go' in row.inputs ? 1 : 0,
    );
    return { name, datatype, shape, data };
  });
  return { inputs };
}

const limits = { timeoutMs: 60_000, memoryBytes: 2e9 };

/** Folders that each engine opens, with the bounds that were learnt of the model. */
async function openable(proto: ModelProto, dir: string): Promise<Record<Engine, string>> {
  const dirs = { onnxruntime: join(dir, 'onnxruntime'), compiled: join(dir, 'compiled') };
  await Promise.all([...Object.values(dirs), dir].map(each => mkdir(each, { recursive: true })));
  const path = join(dir, 'model.onnx');
  await writeModel({ proto }, path);
  const given = await readModel(path);
  const reference = await openReference(given, { external: [], work: dirs.onnxruntime, limits });
  const { running, signature, source } = reference;
  await copyModel(source, dirs.onnxruntime);
  const engine = openEngine(reference, limits, running);
  const { vectors } = await answerRandomly(engine, signature).finally(() => engine.close());
  const base = smallestInputs(vectors)!;
  const bounds = await learnBounds(reference, { model: given, signature, base, work: dir, limits });
  const manifest = { schemaVersion: SCHEMA_VERSION, name: 'm', signature, http, ...(bounds && { bounds }) };
  const write = (engine: Engine, path: string, native = {}) =>
    writeFile(
      join(dirs[engine], 'coldpress.json'),
      JSON.stringify({ ...manifest, model: { path, sha256: '' }, engine: { name: engine, ...native } }),
    );
  await write('onnxruntime', MODEL_FILE, { native: 'host', path: 'onnxruntime-node' });
  if (proto.graph!.node.every(({ opType }) => opType !== 'StringSplit')) {
    const { program, weights } = compileModel(given as OnnxModel, []);
    await writeFile(join(dirs.compiled, WEIGHTS_FILE), weights);
    await writeFile(join(dirs.compiled, PROGRAM_FILE), JSON.stringify(program));
    await write('compiled', PROGRAM_FILE);
  }
  return dirs;
}

test.each(rows)('$name', async row => {
  const initializer = [
    ints('one', [1]),
    ints('column', [-1, 1]),
    ints('row', [1, -1]),
    ints('count', [200_000]),
  ];
  const proto = model(
    graph({
      node: [node('ConstantOfShape', ['count'], ['many']), ...row.nodes],
      input: Object.entries(row.inputs).map(([name, [type, shape]]) => value(name, tensorType(type, shape))),
      output: [value('y', tensorType(row.output ?? 'FLOAT', null))],
      initializer,
    }),
    { '': row.engines === undefined ? 17 : 20 },
  );
  const dirs = await openable(proto, join(scratch, String(rows.indexOf(row))));
  for (const engine of row.engines ?? (['onnxruntime', 'compiled'] as const)) {
    const opened = openModel(dirs[engine]);
    const ask = (shapes: Shapes) => opened.infer(request(row, shapes));
    ask(row.fine);
    expect(() => ask(row.tooMuch), engine).toThrow(
      expect.objectContaining({ status: 413, code: 'SIZE', message: expect.stringMatching(row.says) }),
    );
    ask(row.fine);
    opened.close();
  }
});

test('without a setting, the limit follows the heap', () => {
  const heap = getHeapStatistics().heap_size_limit;
  const check = limitElements(null);
  check('Add', Math.floor(heap / 24));
  expect(() => check('Add', heap / 24 + 1)).toThrow(expect.objectContaining({ status: 413, code: 'SIZE' }));
});

test('a module outside of a function, which has no settings, names none', () => {
  const check = limitTo(defaultElements);
  expect(() => check('Add', 2 ** 27)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/, at most 67108864; send smaller inputs$/) }),
  );
});
