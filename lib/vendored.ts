import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ColdpressError } from './errors.ts';

/**
 * Packages whose install scripts users of coldpress must not have to run. The published package contains the necessary
 * parts in dist/vendored; in a clone they are ordinary devDependencies.
 */
export type VendoredPackage = 'esbuild' | 'onnxruntime-node';

const require = createRequire(import.meta.url);

/** The folder of a vendored package: dist/vendored/NAME next to the compiled code, or node_modules/NAME. */
export function vendoredDir(name: VendoredPackage): string {
  return carriedDir(name) ?? dirname(require.resolve(`${name}/package.json`));
}

/** A folder of dist/vendored, next to the compiled code; `undefined` in a clone. */
export function carriedDir(
  name: VendoredPackage | 'functions-framework' | 'aws-lambda-ric',
): string | undefined {
  const dir = fileURLToPath(new URL(`../vendored/${name}`, import.meta.url));
  return existsSync(dir) ? dir : undefined;
}

/** esbuild's JavaScript API. Throws ESBUILD_UNAVAILABLE if its binary for this machine is not installed. */
export function loadEsbuild(): typeof import('esbuild') {
  const dir = vendoredDir('esbuild');
  const program = `@esbuild/${platform()}-${arch()}`;
  try {
    createRequire(join(dir, 'lib', 'main.js')).resolve(`${program}/package.json`);
  } catch (cause) {
    // esbuild's own error is not reliable here: it looks for a package named esbuild and crashes if there is none.
    const { version } = require(join(dir, 'package.json')) as { version: string };
    throw new ColdpressError('ESBUILD_UNAVAILABLE', `The package ${program} is not installed`, {
      hint: `Install without --omit=optional, or run: npm install ${program}@${version}`,
      cause,
    });
  }
  return require(join(dir, 'lib', 'main.js'));
}
