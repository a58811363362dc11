import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ColdpressError } from './errors.ts';

/**
 * Packages whose install scripts a user of coldpress must not have to run. What is needed of them travels inside
 * the published package, in dist/vendored; in a clone they are ordinary devDependencies.
 */
export type VendoredPackage = 'esbuild' | 'onnxruntime-node';

const require = createRequire(import.meta.url);

/** The folder of a vendored package: dist/vendored/NAME beside the compiled code, else node_modules/NAME. */
export function vendoredDir(name: VendoredPackage): string {
  return carriedDir(name) ?? dirname(require.resolve(`${name}/package.json`));
}

/** A folder of dist/vendored, beside the compiled code; `undefined` in a clone. */
export function carriedDir(
  name: VendoredPackage | 'functions-framework' | 'aws-lambda-ric',
): string | undefined {
  const dir = fileURLToPath(new URL(`../vendored/${name}`, import.meta.url));
  return existsSync(dir) ? dir : undefined;
}

/** esbuild's JavaScript API. Throws ESBUILD_UNAVAILABLE where its program for this machine was not installed. */
export function loadEsbuild(): typeof import('esbuild') {
  const dir = vendoredDir('esbuild');
  const program = `@esbuild/${platform()}-${arch()}`;
  try {
    createRequire(join(dir, 'lib', 'main.js')).resolve(`${program}/package.json`);
  } catch (cause) {
    // esbuild's own message cannot be relied on here: it looks for a package named esbuild, and dies of not finding it.
    const { version } = require(join(dir, 'package.json')) as { version: string };
    throw new ColdpressError('ESBUILD_UNAVAILABLE', `The package ${program} is not installed`, {
      hint: `Install without --omit=optional, or run: npm install ${program}@${version}`,
      cause,
    });
  }
  return require(join(dir, 'lib', 'main.js'));
}
