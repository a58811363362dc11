import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The parts of the runtime that a function uses: names exported by the tables of engines and kernels. */
export interface UsedParts {
  engine: string;
  kernels: string[];
}

const engineFolder = fileURLToPath(new URL('../runtime/engine', import.meta.url));
const kernelsFolder = join(engineFolder, 'compiled', 'kernels');

/**
 * Bundles only this function's engine and the kernels that its program names: `used.ts` next to each table exports
 * them, instead of all.
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
      // An unused part is left out completely, even if its module has side effects when it is loaded.
      build.onResolve({ filter: /^\.\// }, ({ path, importer }) => {
        const folder = dirname(importer);
        return used.has(folder) && basename(importer).startsWith('index.')
          ? { path: join(folder, path), sideEffects: false }
          : undefined;
      });
    },
  };
}
