import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MODEL_FILE } from '../../../lib/contract/files.ts';
import type { PressedManifest } from '../../../lib/contract/manifest.ts';
import type { NodeProto } from '../../../lib/model/onnx_pb.ts';
import { pressModel } from '../../../lib/model/press/press.ts';
import { type OnnxModel, readModel } from '../../../lib/model/read.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { openModel } from '../../../lib/runtime/open-model.ts';
import { type Dim, floats, graph, model, node, tensorType, value } from '../build-model.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-fused-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const transposed = [
  node('Transpose', ['b'], ['t'], { perm: [0n, 2n, 1n] }),
  node('MatMul', ['a', 't'], ['y']),
];
const scaled = [node('MatMul', ['a', 'b'], ['m']), node('Mul', ['m', 'half'], ['y'])];

/** Products of matrices that ONNX Runtime's optimiser fuses, and the least that `a` may have of what it shares with `b`. */
const fused: [name: string, nodes: NodeProto[], a: Dim[], b: Dim[], least: number][] = [
  ['transposed', transposed, ['B', 'N', 'K'], ['B', 'M', 'K'], 1],
  ['scaled', scaled, ['B', 'N', 'K'], ['B', 'K', 'M'], 1],
  ['transposed, of a known size', transposed, ['B', 'N', 3], ['B', 'M', 3], 0],
];

test.each(fused)('%s: matrices without columns are refused', async (name, nodes, a, b, least) => {
  const [path, outDir] = [join(scratch, `${name}.onnx`), join(scratch, name)];
  const proto = model(
    graph({
      node: nodes,
      initializer: [floats('half', [], Float32Array.of(0.5))],
      input: [value('a', tensorType('FLOAT', a)), value('b', tensorType('FLOAT', b))],
      output: [value('y', tensorType('FLOAT', ['B', 'N', 'M']))],
    }),
  );
  writeFileSync(path, Buffer.concat(encodeModel(proto)));
  const { optimisation } = await pressModel(path, { outDir, arch: 'x64', engine: 'onnxruntime' });
  expect(optimisation).toMatchObject({ kind: 'optimised' });
  const opened = openModel<PressedManifest>(outDir);
  const [, second] = opened.signature.inputs;
  const axis = second!.shape!.indexOf('K');
  expect(second!.minShape[axis] ?? 0).toBe(least);
  opened.close();
  const written = (await readModel(join(outDir, MODEL_FILE))) as OnnxModel;
  const operators = written.proto.graph!.node.map(({ opType }) => opType);
  expect(operators).toContain('FusedMatMul');
  // A guard costs time in each run.
  expect(operators.includes('Gather')).toBe(least > 0);
});
