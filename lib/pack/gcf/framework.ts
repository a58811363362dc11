import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPackage } from '../../native/installed-package.ts';
import { loadEsbuild } from '../../vendored.ts';
import { type BundledPackage, bundledPackages } from '../bundled-packages.ts';
import { collectNotices } from '../notices.ts';
import { type FrameworkTable, frameworkParts } from './framework-parts.ts';

export const FRAMEWORK_PACKAGE = '@google-cloud/functions-framework';

/** Google's functions framework in one file, which starts faster than its 200 modules. */
export interface BundledFramework {
  version: string;
  license: string;
  code: Uint8Array;
  /** Files next to the code, which reads them on first use. */
  tables: FrameworkTable[];
  /** Every package with code in it, including the framework. */
  packages: BundledPackage[];
  /** Licences of the framework and its dependencies. */
  notices: string;
}

const packageRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** Bundles it from node_modules, for the oldest Node version that a function runs on. */
export async function bundleFramework(): Promise<BundledFramework> {
  const main = createRequire(import.meta.url).resolve(FRAMEWORK_PACKAGE);
  // build/src/index.js is two folders below the package's folder.
  const { version, license = '' } = readPackage(dirname(dirname(dirname(main))))!;
  const { build } = loadEsbuild();
  const tables = new Map<string, FrameworkTable>();
  const result = await build({
    entryPoints: [join(dirname(main), 'main.js')],
    write: false,
    bundle: true,
    platform: 'node',
    // An ES module would load Node's built-in modules through facades, which cost more than the modules.
    format: 'cjs',
    target: 'node22',
    minify: true,
    legalComments: 'none',
    metafile: true,
    plugins: [frameworkParts(table => tables.set(table.name, table))],
    absWorkingDir: packageRoot,
    logLevel: 'silent',
  });
  return {
    version,
    license,
    tables: [...tables.values()],
    code: result.outputFiles[0]!.contents,
    packages: bundledPackages(result.metafile).map(({ name, version, license }) => ({
      name,
      version,
      license,
    })),
    notices: collectNotices(result.metafile),
  };
}
