import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * An esbuild plugin that loads Node's built-in modules with `process.getBuiltinModule`. An `import` of one evaluates
 * all of its exports, including lazy ones: `node:fs` alone then loads its promises and the web streams. That takes 8 ms
 * of a cold start, or 24 ms under Lambda's flags, which invalidate Node's code cache.
 *
 * Each imported module is replaced by one in the bundle that exports only the imported names. Other exports of this
 * Node stay out: esbuild chooses short names by the frequency of all letters that it reads, so another Node version
 * would pack other bytes.
 */
export function builtins(): Plugin {
  return {
    name: 'coldpress-builtins',
    setup(build) {
      build.onResolve({ filter: /^[a-z][a-z0-9_:/]*$/ }, ({ path, kind, importer, namespace }) => {
        if (!isBuiltin(path)) {
          return undefined;
        }
        if (kind !== 'import-statement' || namespace === 'builtin-import') {
          return { path, namespace: 'builtin' };
        }
        const names = importedNames(path, namespace === 'file' ? importer : undefined);
        return { path, namespace: 'builtin-import', suffix: `?${names.join()}` };
      });
      build.onResolve({ filter: /^builtin-name:/ }, ({ path }) => ({
        path: path.slice('builtin-name:'.length),
        namespace: 'builtin-name',
      }));
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
        contents: `module.exports = ${loaded(path)};`,
      }));
      build.onLoad({ filter: /.*/, namespace: 'builtin-import' }, ({ path, suffix }) => ({
        contents: [...suffix.slice(1).split(','), 'default']
          .filter(Boolean)
          .map(name => `export { ${name} } from 'builtin-name:${path}#${name}';`)
          .join('\n'),
      }));
      build.onLoad({ filter: /.*/, namespace: 'builtin-name' }, ({ path: place }) => {
        const [path = '', name = ''] = place.split('#');
        return {
          contents:
            name === 'default'
              ? `const builtin = ${loaded(path)};\nexport default builtin;`
              : `import builtin from 'builtin-name:${path}#default';
                 export const ${name} = /* @__PURE__ */ (() => builtin.${name})();`,
        };
      });
    },
  };
}

function loaded(path: string): string {
  return `/* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)})`;
}

/** The names that a file imports from a module, found in its text. An extra name does no harm. */
function importedNames(path: string, importer: string | undefined): string[] {
  const text = importer === undefined ? '' : readFileSync(importer, 'utf8');
  const clauses = [...text.matchAll(/\b(?:im|ex)port\b([^'"`;()]*?)\bfrom\s*(["'])([^"'\n]+)\2/g)]
    .filter(([, , , from]) => from === path)
    .map(([, clause = '']) => clause);
  const isWhole = clauses.length === 0 || clauses.some(clause => clause.includes('*'));
  const names = isWhole
    ? Object.keys(process.getBuiltinModule(path) ?? {})
    : clauses.flatMap(clause =>
        (/\{([^}]*)\}/.exec(clause)?.[1] ?? '').split(',').map(part => part.trim().split(/\s/)[0]!),
      );
  return [...new Set(names)].filter(name => /^(?!default$)[a-zA-Z_$][\w$]*$/.test(name)).sort();
}
