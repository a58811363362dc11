import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * An esbuild plugin that takes Node's own modules by `process.getBuiltinModule`. An `import` of one builds all of its
 * exports, lazy ones too: `node:fs` alone then loads its promises and the web streams, 8 ms of a cold start, or 24 ms
 * under Lambda's flags, which invalidate Node's code cache.
 */
export function builtins(): Plugin {
  return {
    name: 'coldpress-builtins',
    setup(build) {
      build.onResolve({ filter: /^[a-z][a-z0-9_:/]*$/ }, ({ path }) =>
        isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      }));
    },
  };
}
