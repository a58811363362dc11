import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { elementKind } from '../contract/datatypes.ts';
import type { Signature } from '../contract/manifest.ts';

/** The parts of the runtime that a function uses. Engines and kernels are names that their tables export. */
export interface UsedParts {
  engine: string;
  kernels: string[];
  /** Kinds of elements of the model's inputs. */
  readers: string[];
  /** Whether the function computes sizes of outputs before a run. */
  foresees: boolean;
}

const runtimeFolder = fileURLToPath(new URL('../runtime', import.meta.url));
const engineFolder = join(runtimeFolder, 'engine');
const kernelsFolder = join(engineFolder, 'compiled', 'kernels');

/**
 * Bundles only this function's engine, the kernels that its program names, the readers of its inputs, and
 * `foreseeOutputs` if the model has outputs to foresee: `used.ts` next to each table exports them, instead of all.
 */
export function usedParts({ engine, kernels, readers, foresees }: UsedParts): import('esbuild').Plugin {
  const used = new Map([
    [engineFolder, [engine]],
    [kernelsFolder, kernels],
    [join(runtimeFolder, 'tensor', 'readers'), readers],
    [join(runtimeFolder, 'foresee'), [foresees ? 'foreseeOutputs' : 'foreseeNothing as foreseeOutputs']],
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

/** Returns the kinds of elements of a model's inputs. */
export function readersOf({ inputs }: Pick<Signature, 'inputs'>): string[] {
  return [...new Set(inputs.map(({ datatype }) => elementKind(datatype)))].sort();
}
