import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../cli/coldpress.ts';

/** The packages of this project, and this project as one of them; test/install.test.ts installs them for real. */
export function installed(cwd: string): void {
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'), 'junction');
  const path = join(cwd, 'tsconfig.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  config.compilerOptions.paths = {
    coldpress: [join(root, 'lib/index.ts')],
    'coldpress/runtime': [join(root, 'lib/runtime/index.ts')],
    'coldpress/cdk': [join(root, 'lib/cdk/index.ts')],
  };
  config.compilerOptions.typeRoots = [join(root, 'node_modules/@types')];
  writeFileSync(path, JSON.stringify(config));
}
