import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initProject } from '../../lib/init/init.ts';
import { hostOf } from '../../lib/local/host.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { encodeModel } from '../../lib/model/write.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, root } from '../cli/coldpress.ts';
import { graph, model, node, tensorType, value } from '../model/build-model.ts';

test('a model whose tensors are called as objects trip over answers through the score that init writes', async () => {
  const cwd = folder('names');
  const names = ['__proto__', 'constructor', 'hasOwnProperty', 'x'];
  const proto = model(
    graph({
      node: names.map(name => node('Neg', [name], [`${name}y`])),
      input: names.map((name, width) => value(name, tensorType('FLOAT', width > 1 ? ['N', width] : ['N']))),
      output: names.map((name, width) =>
        value(`${name}y`, tensorType('FLOAT', width > 1 ? ['N', width] : ['N'])),
      ),
    }),
  );
  writeFileSync(join(cwd, 'names.onnx'), Buffer.concat(encodeModel(proto)));
  await initProject({ cwd, target: 'gcf', score: true });
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'), 'junction');
  const { outDir } = await pack({ cwd, env: process.env });
  const readme = readFileSync(join(cwd, 'README.md'), 'utf8');
  const [, body] = /--json '(.+)'/.exec(readme)!;
  const served = await serveArtifact(outDir, { host: hostOf(process), port: 0 });
  try {
    const record = Object.fromEntries(
      Object.entries(JSON.parse(body!)).map(([name, zeros], index) => [
        name,
        Array.isArray(zeros) ? zeros.map(() => index + 1) : index + 1,
      ]),
    );
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(served.url, { method: 'POST', headers, body: JSON.stringify([record]) });
    expect([response.status, await response.json()]).toEqual([
      200,
      [{ __proto__y: -1, constructory: -2, hasOwnPropertyy: [-3, -3], xy: [-4, -4, -4] }],
    ]);
  } finally {
    await served.close();
  }
}, 60_000);
