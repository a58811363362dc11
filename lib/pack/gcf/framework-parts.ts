import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Plugin } from 'esbuild';

/** A file next to the bundle that the bundle reads only when needed. */
export interface FrameworkTable {
  name: string;
  bytes: Buffer;
}

/**
 * The types that Express and body-parser refer to by short names. The other 2,000 types are of no use to a function
 * that writes its own headers, and building their index takes a fifth of the framework's startup time.
 */
const mediaTypes = [
  'application/json',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/html',
  'text/plain',
];

/**
 * An esbuild plugin that removes parts of Google's framework that slow down every start and that no function uses: the
 * debug log and most media types. The tables of East Asian encodings stay files that are read on first use.
 * @param onTable - called with each of those files, which belong next to the bundle
 */
export function frameworkParts(onTable: (table: FrameworkTable) => void): Plugin {
  return {
    name: 'coldpress-framework-parts',
    setup(build) {
      build.onLoad({ filter: /[\\/]mime-db[\\/]db\.json$/ }, ({ path }) => {
        const all = JSON.parse(readFileSync(path, 'utf8'));
        const kept = Object.fromEntries(mediaTypes.map(name => [name, all[name]]));
        return { contents: JSON.stringify(kept), loader: 'json' };
      });
      // On first use it checks whether stderr is a terminal, for which it loads node:tty.
      build.onLoad({ filter: /[\\/]debug[\\/]src[\\/]index\.js$/ }, () => ({
        contents: 'module.exports = () => Object.assign(() => {}, { enabled: false });',
      }));
      build.onResolve({ filter: /^\.\/tables\/[\w-]+\.json$/ }, ({ path, resolveDir }) => {
        const name = basename(path);
        onTable({ name, bytes: readFileSync(`${resolveDir}/tables/${name}`) });
        return { path: `./${name}`, external: true };
      });
    },
  };
}
