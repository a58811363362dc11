import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What of the runtime a function uses: the names that the tables of engines and kernels export. */
export interface UsedParts {
  engine: string;
  kernels: string[];
}

const engineFolder = fileURLToPath(new URL('../runtime/engine', import.meta.url));
const kernelsFolder = join(engineFolder, 'compiled', 'kernels');

/**
 * Bundles the engine of this function alone, and of its kernels those that its program names: `used.ts` beside each
 * table exports them, in place of all.
 */
export function usedParts({ engine, kernels }: UsedParts): import('esbuild').Plugin {
  const used = new Map([
    [engineFolder, [engine]],
    [kernelsFolder, kernels],
  ]);
  return {
    name: 'coldpress-used-parts',
    setup(build) {
      build.onLoad({ filter: /[\\/]used\.[jt]s$/ }, ({ path }) => {
        const names = used.get(dirname(path));
        return names === undefined
          ? undefined
          : {
              contents: `export { ${names.join(', ')} } from './index${extname(path)}';`,
              resolveDir: dirname(path),
            };
      });
      // A part that is not used is left out whole, whatever its module would do when it is loaded.
      build.onResolve({ filter: /^\.\// }, ({ path, importer }) => {
        const folder = dirname(importer);
        return used.has(folder) && basename(importer).startsWith('index.')
          ? { path: join(folder, path), sideEffects: false }
          : undefined;
      });
    },
  };
}
