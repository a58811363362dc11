import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { subgraphs } from '../../../lib/model/attributes.ts';
import { pressModel } from '../../../lib/model/press/press.ts';
import { uniteInitializers } from '../../../lib/model/press/unique-initializers.ts';
import { writeModel } from '../../../lib/model/write.ts';
import { floats, graph, model, node, tensorType, value } from '../build-model.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-unite-'));
const row = (name: string) => value(name, tensorType('FLOAT', [3]));
const constant = () => floats('k', [3], Float32Array.of(1, 2, 3));

/** A loop over rows whose body has a constant, as exports of nearest neighbours have. */
function scanning(constants: number) {
  const body = graph({
    node: [node('Identity', ['s'], ['s2']), node('Sub', ['r', 'k'], ['d']), node('Mul', ['d', 'd'], ['o'])],
    initializer: Array.from({ length: constants }, constant),
    input: [row('s'), row('r')],
    output: [row('s2'), row('o')],
  });
  return model(
    graph({
      node: [
        node('Scan', ['zero', 'x'], ['last', 'rows'], { body, num_scan_inputs: 1 }),
        node('ReduceSum', ['rows'], ['y']),
      ],
      initializer: [floats('zero', [3], new Float32Array(3))],
      input: [value('x', tensorType('FLOAT', ['N', 3]))],
      output: [value('y', tensorType('FLOAT', null))],
    }),
  );
}

test('a loop with a constant in its body is optimised', async () => {
  const path = join(scratch, 'scan.onnx');
  await writeModel({ proto: scanning(1) }, path);
  const { optimisation } = await pressModel(path, {
    outDir: join(scratch, 'out'),
    arch: 'x64',
    engine: 'onnxruntime',
  });
  expect(optimisation).toMatchObject({ kind: 'optimised' });
});

test('of constants written twice one is left', () => {
  const proto = scanning(2);
  expect(uniteInitializers(proto)).toBe(true);
  const [scan] = proto.graph!.node;
  expect(subgraphs(scan!)[0]!.initializer.map(({ name }) => name)).toEqual(['k']);
});
