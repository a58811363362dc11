import { isBuiltin } from 'node:module';
import type { OnResolveArgs, Plugin, PluginBuild } from 'esbuild';
import { type InstalledPackage, packageOf } from './installed-package.ts';
import { packageFiles } from './native-packages.ts';
import { isPlatformName } from './platform-name.ts';

const RESOLVING = Symbol('asked by nativePackages');

/**
 * Returns an esbuild plugin that excludes packages with native files from the bundle, because their JavaScript looks
 * for those files next to itself. `onFound` may receive a folder repeatedly; `nativePackagePlan` lists what to copy.
 * @param others - folders of packages to exclude because they read other files next to themselves
 */
export function nativePackages(
  onFound: (packageDir: string) => void,
  others: readonly string[] = [],
): Plugin {
  const known = new Map<string, boolean>(others.map(dir => [dir, true]));
  return {
    name: 'coldpress-native-packages',
    setup(build) {
      build.onResolve({ filter: /^[./].*\.node$/ }, ({ path }) => ({
        errors: [
          {
            text: `"${path}" is a native file of no package; only packages in node_modules may hold native files`,
          },
        ],
      }));
      build.onResolve({ filter: /^[@a-z0-9]/i }, async args => {
        const found = await resolvePackage(build, args);
        if (!found) {
          return undefined;
        }
        const native = known.get(found.dir) ?? isNative(found);
        known.set(found.dir, native);
        if (!native) {
          return undefined;
        }
        onFound(found.dir);
        return { path: args.path, external: true };
      });
    },
  };
}

async function resolvePackage(
  build: PluginBuild,
  args: OnResolveArgs,
): Promise<InstalledPackage | undefined> {
  const { path, kind, importer, namespace, resolveDir } = args;
  if (args.pluginData === RESOLVING || kind === 'entry-point' || isBuiltin(path)) {
    return undefined;
  }
  const result = await build.resolve(path, { kind, importer, namespace, resolveDir, pluginData: RESOLVING });
  if (result.errors.length > 0 || result.external) {
    return undefined;
  }
  const found = packageOf(result.path);
  // coldpress itself contains ONNX Runtime for every platform, but a function only needs JavaScript of it.
  return found?.name === 'coldpress' ? undefined : found;
}

function isNative({ dir, optionalDependencies }: InstalledPackage): boolean {
  return (
    Object.keys(optionalDependencies).some(isPlatformName) ||
    packageFiles(dir).some(path => path.endsWith('.node'))
  );
}
