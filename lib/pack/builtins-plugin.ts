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
      build.onResolve({ filter: /^[a-z][a-z0-9_:/]*$/ }, ({ path, kind }) =>
        isBuiltin(path)
          ? { path, namespace: kind === 'import-statement' ? 'builtin-import' : 'builtin' }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
        contents: `module.exports = ${loaded(path)};`,
      }));
      build.onLoad({ filter: /.*/, namespace: 'builtin-import' }, ({ path }) => ({
        contents: asModule(path),
      }));
    },
  };
}

function loaded(path: string): string {
  return `/* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)})`;
}

/**
 * An ES module of which esbuild keeps no more than the names that are imported. It would copy every property of a
 * CommonJS one, which takes 2 ms for those of `node:buffer`, lazy ones again.
 */
function asModule(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter(name =>
    /^(?!default$)[a-zA-Z_]\w*$/.test(name),
  );
  return [
    `const builtin = ${loaded(path)};`,
    'export default builtin;',
    ...names.map(name => `export const ${name} = /* @__PURE__ */ (() => builtin.${name})();`),
  ].join('\n');
}
