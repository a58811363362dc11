import { chmodSync, cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { encodeModel } from '../../lib/model/write.ts';
import { graph, model, node, tensorType, value } from '../model/build-model.ts';
import { bin, folder, root } from './coldpress.ts';

/** Doubles two numbers a row: the model that the help of `invoke` asks. */
export function doubling(): Buffer {
  return ofItself('Add');
}

/** Squares them. */
export function squaring(): Buffer {
  return ofItself('Mul');
}

function ofItself(operator: 'Add' | 'Mul'): Buffer {
  const type = () => tensorType('FLOAT', ['N', 2]);
  const parts = { input: [value('x', type())], output: [value('y', type())] };
  return Buffer.concat(encodeModel(model(graph({ node: [node(operator, ['x', 'x'], ['y'])], ...parts }))));
}

/** A folder as the examples of the help expect one, with `coldpress` on the PATH. */
export function workspace(name: string): { cwd: string; env: { PATH: string } } {
  const cwd = folder(name);
  writeFileSync(join(cwd, 'model.onnx'), doubling());
  cpSync(join(root, 'examples/breast-cancer'), join(cwd, 'examples/breast-cancer'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'), 'junction');
  const commands = folder(`${name}-bin`);
  writeFileSync(join(commands, 'coldpress'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
  chmodSync(join(commands, 'coldpress'), 0o755);
  return { cwd, env: { PATH: [commands, process.env.PATH].join(delimiter) } };
}
