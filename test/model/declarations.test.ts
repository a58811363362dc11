import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Signature } from '../../lib/contract/manifest.ts';
import { declarationPath, refreshDeclaration, writeDeclaration } from '../../lib/model/declarations/file.ts';
import { declareModel } from '../../lib/model/declarations.ts';
import { declareRows } from '../../lib/model/rows/declared.ts';
import { compile } from '../examples/compile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-types-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const signatures: Record<string, Signature> = {
  tabular: declareRows(
    [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
    [
      { name: 'label', datatype: 'INT64', shape: ['N'] },
      { name: 'p', datatype: 'FP32', shape: ['N', 2], labels: ['no', "don't know"] },
    ],
  ),
  text: declareRows(
    [
      { name: 'input_ids', datatype: 'INT64', shape: ['N', 'sequence'] },
      { name: 'mask', datatype: 'BOOL', shape: ['N', 'sequence'], optional: true },
    ],
    [{ name: 'words', datatype: 'BYTES', shape: [-1, -1] }],
  ),
  columns: declareRows(
    [
      { name: 'sex', datatype: 'BYTES', shape: ['N', 1] },
      { name: 'age', datatype: 'FP32', shape: ['N', 1] },
    ],
    [{ name: 'y', datatype: 'FP32', shape: ['N'] }],
  ),
  // A name may be any text; a rank may be unknown; a model may take one record at a time, or none.
  odd: declareRows(
    [{ name: "a/b:0 */ 'é'", datatype: 'FP16', shape: [1, 3, 2] }],
    [
      { name: '1st', datatype: 'UINT64', shape: null },
      { name: 'scalar', datatype: 'FP64', shape: [] },
      { name: 'bits', datatype: 'UINT8', shape: [4], labels: [-1, 2] },
    ],
  ),
  constant: declareRows([], [{ name: 'y', datatype: 'BOOL', shape: ['N'] }]),
};

const named = `
  const named: (given: DefaultRecord<'age' | 'mean area'>) => unknown = given => given;`;
const x = "tensor('FP32', [rows.length, 2], [1, 2])";
const score = (model: string, encode: string, decode = '[]') => `
  import { defineScore, type Inputs, tensor } from 'coldpress/runtime';
  import type { DefaultRecord, DefaultResult, Model } from './${model}.onnx.d.ts';
  declare const schema: { '~standard': {
    version: 1; vendor: 'test'; types: { input: unknown; output: { age: number } };
    validate(value: unknown): { value: { age: number } };
  } };
  export const inputs = (given: Inputs<Model>) => given;
  export const record: (given: DefaultRecord) => unknown = given => given;
  export const result: (given: DefaultResult) => unknown = given => given;
  export default defineScore<Model>()({
    record: schema,
    encode: rows => (${encode}),
    decode: (outputs, rows) => { return ${decode}; },
  });
`;

/** The compiler's message begins with it; `undefined` where it must not complain. */
const cases: [name: string, source: string, message?: RegExp][] = [
  ['the right tensor', score('tabular', `{ x: ${x} }`)],
  ['a promise of it', score('tabular', `Promise.resolve({ x: ${x} })`)],
  ['its typed array', score('tabular', "{ x: tensor('FP32', [1, 2], new Float32Array(2)) }")],
  ['nested data', score('tabular', "{ x: tensor('FP32', [1, 2], rows.map(row => [row.age, 1])) }")],
  ['another name', score('tabular', `{ X: ${x} }`), /'\{ X: Tensor<"FP32">; \}' is not assignable/],
  ['one name too many', score('tabular', `{ x: ${x}, more: ${x} }`), /not assignable to type 'never'/],
  ['no inputs', score('tabular', '{}'), /'\{\}' is not assignable/],
  ['another datatype', score('tabular', "{ x: tensor('FP64', [1], [1]) }"), /'"FP64"' is not assignable/],
  ['another array', score('tabular', "{ x: tensor('FP32', [2], new Float64Array(2)) }"), /'Float64Array/],
  [
    'strings for numbers',
    score('tabular', "{ x: tensor('FP32', [1], ['1']) }"),
    /'string' is not assignable/,
  ],
  ['a field that records lack', score('tabular', '{ x: tensor("FP32", [1], [rows[0]!.aeg]) }'), /'aeg'/],
  [
    'typed outputs',
    score('tabular', `{ x: ${x} }`, '[outputs.p.data satisfies Float32Array, outputs.label.data[0]! + 1n]'),
  ],
  [
    'labels as they are',
    score('tabular', `{ x: ${x} }`, `[outputs.p.labels satisfies ['no', "don't know"]]`),
  ],
  ['an output that is not there', score('tabular', `{ x: ${x} }`, '[outputs.q]'), /'q' does not exist/],
  [
    'an output of another array',
    score('tabular', `{ x: ${x} }`, '[outputs.label.data satisfies Float32Array]'),
    /'BigInt64Array/,
  ],
  ['no labels', score('tabular', `{ x: ${x} }`, '[outputs.label.labels[0]]'), /undefined/],
  [
    'without the optional',
    score('text', "{ input_ids: tensor('INT64', [1, 1], [[1n]]) }", '[outputs.words]'),
  ],
  [
    'with the optional',
    score('text', "{ input_ids: tensor('INT64', [1, 1], [1]), mask: tensor('BOOL', [1, 1], [true]) }"),
  ],
  [
    'the optional by another name',
    score('text', "{ input_ids: tensor('INT64', [1, 1], [1]), masks: tensor('BOOL', [1, 1], [true]) }"),
    /not assignable/,
  ],
  ['odd names', score('odd', `{ "a/b:0 */ 'é'": tensor('FP16', [1, 3, 2], []) }`, "[outputs['1st'].data]")],
  ['no inputs at all', score('constant', '{}', '[outputs.y.data satisfies Uint8Array]')],
  [
    'default records and results',
    `${score('tabular', `{ x: ${x} }`)}${named}
     named({ age: 1, 'mean area': 2 }); record({ x: [1, 2] }); record([1, 2]);
     result({ label: 1, p: { no: 'NaN', "don't know": 0.5 } });`,
  ],
  [
    'a default record of single values, with or without arrays',
    `${score('columns', `{ sex: tensor('BYTES', [1, 1], ['f']), age: tensor('FP32', [1, 1], [1]) }`)}
     record({ sex: 'female', age: [24.1] });`,
  ],
  [
    'a default record without a feature',
    `${score('tabular', `{ x: ${x} }`)}${named}\nnamed({ age: 1 });`,
    /not assignable to parameter of type/,
  ],
  [
    'a default result of several kinds',
    `${score('odd', `{ "a/b:0 */ 'é'": tensor('FP16', [1, 3, 2], [[[1]]]) }`)}
     record({ "a/b:0 */ 'é'": [[1, 2]] }); result({ '1st': 0, scalar: 1, bits: { [-1]: 1, 2: 1 } });`,
  ],
];

describe('compiled with the scores that import it', () => {
  let complaints: Map<string, string>;

  beforeAll(async () => {
    for (const [name, signature] of Object.entries(signatures)) {
      writeFileSync(join(scratch, `${name}.onnx.d.ts`), declareModel(signature, `${name} */.onnx`));
    }
    for (const [index, [, source]] of cases.entries()) {
      writeFileSync(join(scratch, `case-${index}.ts`), source);
    }
    complaints = await compile(scratch, { skipLibCheck: false });
  });

  test('the declarations are right', () => {
    expect([...complaints.keys()].filter(file => !/^case-\d+\.ts$/.test(file))).toEqual([]);
  });

  test.each(cases.map(([name, , message], index) => ({ name, message, index })))(
    '$name',
    ({ message, index }) => {
      const complaint = complaints.get(`case-${index}.ts`);
      if (message === undefined) {
        expect(complaint).toBeUndefined();
      } else {
        expect(complaint).toMatch(message);
      }
    },
  );
});

describe('the file', () => {
  const model = join(scratch, 'model.onnx');
  const declared = signatures.text!;

  test('is refreshed where it lies and is out of date, and made nowhere', async () => {
    await refreshDeclaration(declarationPath(model), model, declared);
    expect(() => statSync(declarationPath(model))).toThrow('ENOENT');
    writeFileSync(declarationPath(model), 'by hand');
    await refreshDeclaration(declarationPath(model), model, declared);
    expect(readFileSync(declarationPath(model), 'utf8')).toBe('by hand');
    await writeDeclaration(declarationPath(model), model, { inputs: [], outputs: [] });
    await refreshDeclaration(declarationPath(model), model, declared);
    expect(readFileSync(declarationPath(model), 'utf8')).toBe(declareModel(declared, 'model.onnx'));
    const { mtimeMs } = statSync(declarationPath(model));
    await refreshDeclaration(declarationPath(model), model, declared);
    expect(statSync(declarationPath(model)).mtimeMs).toBe(mtimeMs);
  });

  test('that cannot be written is one clear error', async () => {
    const path = join(scratch, 'no-folder/model.d.ts');
    await expect(writeDeclaration(path, model, declared)).rejects.toMatchObject({ code: 'TYPES_UNWRITABLE' });
  });
});

test('coldpress types writes it beside the model', async () => {
  const project = join(scratch, 'project');
  cpSync(join(root, 'examples/breast-cancer'), project, { recursive: true });
  const path = join(project, 'model.onnx.d.ts');
  const before = readFileSync(path, 'utf8');
  rmSync(path);
  const out = await new Promise<string>((resolve, reject) => {
    const args = [join(root, 'bin/coldpress.js'), 'types', '--json'];
    execFile(process.execPath, args, { cwd: project }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
  expect(JSON.parse(out)).toMatchObject({ path, signature: { inputs: [{ name: 'float_input' }] } });
  expect(readFileSync(path, 'utf8')).toBe(before);
});
