import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { formatReport } from '../../lib/model/format-report.ts';
import { inspectModel } from '../../lib/model/inspect.ts';
import type { ModelProto } from '../../lib/model/onnx_pb.ts';
import { writeModel } from '../../lib/model/write.ts';
import { targets } from '../../lib/targets/index.ts';
import { floats, graph, model, node, tensorType, value } from './build-model.ts';
import { classifier, dense } from './specimens.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldpress-inspect-'));

async function inspect(name: string, proto: ModelProto) {
  const path = join(folder, `${name}.onnx`);
  await writeModel({ proto }, path);
  return inspectModel(path, { sha256: true });
}

test('a classifier', async () => {
  const report = await inspect('classifier', classifier());
  expect(report).toMatchObject({
    format: 'onnx',
    sha256: createHash('sha256').update(readFileSync(report.path)).digest('hex'),
    irVersion: 8,
    opsets: [
      { domain: 'ai.onnx', version: 9 },
      { domain: 'ai.onnx.ml', version: 1 },
    ],
    signature: {
      inputs: [{ name: 'x', type: 'float[N,2]', datatype: 'FP32', shape: ['N', 2] }],
      outputs: [
        { name: 'label', type: 'int64[N]', datatype: 'INT64', shape: ['N'] },
        { name: 'probabilities', type: 'sequence<map<string,float[…]>>', datatype: null, shape: null },
      ],
    },
    packedSignature: { outputs: [{}, { name: 'probabilities', datatype: 'FP32', labels: ['no', 'yes'] }] },
    operators: [
      { domain: 'ai.onnx.ml', type: 'LinearClassifier', count: 1 },
      { domain: 'ai.onnx.ml', type: 'ZipMap', count: 1 },
    ],
    obstacles: [],
    targets: targets.flatMap(({ name, architectures }) =>
      architectures.map(architecture => ({ target: name, architecture, packable: true })),
    ),
  });
  expect(stripVTControlCharacters(formatReport(report)).split('\n').slice(1)).toEqual([
    '  format            ONNX, 366 B',
    expect.stringMatching(/^ {2}sha256 {12}[0-9a-f]{64}$/),
    '  made by           coldpress',
    '  version           IR 8, ai.onnx 9, ai.onnx.ml 1',
    '  input             x  float[N,2]',
    '  output            label  int64[N]',
    '                    probabilities  sequence<map<string,float[…]>>',
    '  operators         LinearClassifier 1, ZipMap 1',
    expect.stringContaining('  rewrite           zip-map: '),
    '  engine            ONNX Runtime opens the model; packing runs it, too',
    '                    can be compiled, if packing proves the answers equal',
    ...report.targets.map(fit => `  ${`${fit.target} ${fit.architecture}`.padEnd(16)}  can be packed`),
  ]);
});

test('functions, parameters and hostile names', async () => {
  const report = await inspect('dense', dense());
  expect(report).toMatchObject({ functions: 1, parameters: { count: 11, sizeBytes: 56 } });
  expect(JSON.parse(JSON.stringify(report)).metadata).toEqual(JSON.parse('{"__proto__":"kept"}'));
  const proto = dense();
  proto.producerName = '\u001b[31mred\u0007\u202e';
  expect(formatReport(await inspect('escape', proto))).toContain('\\u001b[31mred\\u0007');
});

test('a model that is too large is weighed against each CPU’s engine', async () => {
  const proto = model(
    graph({
      node: [node('MatMul', ['x', 'w'], ['y'])],
      initializer: [floats('w', [7500, 7500], new Float32Array(7500 * 7500))],
      input: [value('x', tensorType('FLOAT', ['N', 7500]))],
      output: [value('y', tensorType('FLOAT', ['N', 7500]))],
    }),
  );
  const path = join(folder, 'large.onnx');
  await writeModel({ proto }, path);
  const report = await inspectModel(path);
  expect(report).toMatchObject({ opened: true });
  expect(
    report.targets
      .filter(({ target }) => target === 'aws-lambda')
      .map(({ packable, reasons }) => [packable, ...reasons.map(({ code }) => code)]),
  ).toEqual([[true], [false, 'OVER_BUDGET']]);
});
