import { ColdpressError } from '../../errors.ts';
import type { Architecture } from '../../manifest.ts';
import { findPackage, type InstalledPackage, readPackage } from './installed-package.ts';
import { isPlatformName, isPlatformOf } from './platform-name.ts';

export interface PlacedPackage {
  /** The folder in the artifact: `node_modules/sharp`. */
  place: string;
  package: InstalledPackage;
}

/**
 * Packages and all that they need in production, laid out so that each finds the version it finds here.
 * Of packages that exist once a platform, the target's only.
 * @throws ColdpressError NATIVE_PACKAGE_MISSING
 */
export function placePackages(dirs: readonly string[], arch: Architecture): PlacedPackage[] {
  const placed = new Map<string, InstalledPackage>();
  const queue: PlacedPackage[] = [];
  const put = (parent: string, found: InstalledPackage) => {
    const visible = parents(parent).map(dir => placed.get(`${dir}node_modules/${found.name}`));
    const nearest = visible.find(Boolean);
    if (nearest?.dir === found.dir) {
      return;
    }
    const place = `${nearest ? parent : ''}node_modules/${found.name}`;
    placed.set(place, found);
    queue.push({ place, package: found });
  };
  for (const dir of dirs) {
    put('', readPackage(dir)!);
  }
  // Breadth first: all that a package needs is in place before what they need, which then cannot come between.
  for (const { place, package: parent } of queue) {
    for (const dependency of productionDependencies(parent, arch)) {
      put(`${place}/`, dependency);
    }
  }
  return queue;
}

/** `node_modules/a/node_modules/b/` -> itself, `node_modules/a/`, ``. */
function parents(place: string): string[] {
  const parts = place.split(/(?<=\/)(?=node_modules\/)/).filter(Boolean);
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('')), ''];
}

function productionDependencies(parent: InstalledPackage, arch: Architecture): InstalledPackage[] {
  const { dependencies, optionalDependencies, peerDependencies } = parent;
  const wanted = { ...peerDependencies, ...dependencies, ...optionalDependencies };
  const names = Object.keys(wanted).filter(name => !isPlatformName(name) || isPlatformOf(name, arch));
  const resolved = names.map(name => ({ name, found: findPackage(name, parent.dir) }));
  const missing = resolved.filter(({ name, found }) => !found && isPlatformOf(name, arch));
  if (missing.length > 0) {
    const list = missing.map(({ name }) => name);
    // Not `--os --cpu`: with them npm removes the packages of the machine at hand, esbuild’s program among them.
    throw new ColdpressError(
      'NATIVE_PACKAGE_MISSING',
      `${parent.name} ${parent.version} needs ${list.join(' and ')} on linux-${arch}; not installed here`,
      { hint: `npm install --no-save --force ${list.map(name => `${name}@${wanted[name]}`).join(' ')}` },
    );
  }
  // What else is missing is optional, or a mistake that Node reports here as there.
  return resolved.flatMap(({ found }) => found ?? []);
}
