import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';
import { coldpressPackage } from '../native/installed-package.ts';

const RESOLVING = Symbol('asked by peers');

/**
 * An esbuild plugin that resolves the runtime's imports of optional peers, such as AWS's clients, from the project's
 * folder first: coldpress may be installed elsewhere, globally or by npx.
 * @param from - the folder of the config
 */
export function peers(from: string): Plugin {
  return {
    name: 'coldpress-peers',
    setup(build) {
      const { dir, peerDependencies } = coldpressPackage();
      const names = Object.keys(peerDependencies);
      build.onResolve({ filter: /^[@a-z]/ }, async ({ path, kind, importer, pluginData }) => {
        const isPeer = names.some(name => path === name || path.startsWith(`${name}/`));
        if (!isPeer || pluginData === RESOLVING || !dirname(importer).startsWith(dir)) {
          return undefined;
        }
        const found = await build.resolve(path, { kind, resolveDir: from, pluginData: RESOLVING });
        return found.errors.length > 0 ? undefined : found;
      });
    },
  };
}
