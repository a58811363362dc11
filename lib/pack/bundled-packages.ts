import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { coldpressPackage, type InstalledPackage, packageOf } from '../native/installed-package.ts';

/** What a bill of materials states about a package. */
export type BundledPackage = Pick<InstalledPackage, 'name' | 'version' | 'license'>;

/** The paths of a bundle's inputs in esbuild's metafile are relative to this folder. */
const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Every package with code in a bundle, including coldpress, sorted by name and version. Modules that belong to no
 * package are the user's own and are left out.
 */
export function bundledPackages({ outputs }: Pick<Metafile, 'outputs'>): InstalledPackage[] {
  const packages = new Map<string, InstalledPackage>();
  const own = coldpressPackage();
  for (const { inputs } of Object.values(outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const path = resolve(packageRoot, input);
      const found = packageOf(path) ?? (path.startsWith(packageRoot) ? own : undefined);
      if (found && bytesInOutput > 0) {
        packages.set(`${found.name} ${found.version}`, found);
      }
    }
  }
  return [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}
