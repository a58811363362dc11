import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Plugin } from 'esbuild';

/** A file that the bundle reads when it has to, beside it. */
export interface FrameworkTable {
  name: string;
  bytes: Buffer;
}

/**
 * The types that Express and body-parser name by their short names. Of the other two thousand, whose index is made at
 * every start and takes a fifth of the framework's time, a function that writes its own headers uses none.
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
 * An esbuild plugin that leaves out of Google's framework what every start would pay for and no function uses: the
 * debug log, most media types, and the tables of East Asian encodings, which stay files that are read when first used.
 * @param onTable - told of each of those files, which belong beside the bundle
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
      // Its first use asks whether stderr is a terminal, for which it loads node:tty.
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
