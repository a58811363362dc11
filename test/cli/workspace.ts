import { chmodSync, cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { doubling } from '../model/doubling.ts';
import { bin, folder, root } from './coldpress.ts';

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
