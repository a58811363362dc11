import type { Architecture } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { quote } from '../shell-command.ts';
import { findPackage, type InstalledPackage, readPackage } from './installed-package.ts';
import { isPlatformName, isPlatformOf } from './platform-name.ts';

export interface PlacedPackage {
  /** Folder in the artifact: `node_modules/sharp`. */
  place: string;
  package: InstalledPackage;
}

interface MissingPackage {
  name: string;
  range: string;
  /** The package that depends on it. */
  parent: InstalledPackage;
}

/**
 * Returns every package that is copied whole: the named ones, and all of their production dependencies.
 * @param dirs - the packages' folders
 * @throws ColdpressError NATIVE_PACKAGE_MISSING, NATIVE_PACKAGE_CONFLICT
 */
export function copiedPackages(dirs: readonly string[], arch: Architecture): InstalledPackage[] {
  return placePackages([...dirs].sort(), arch).map(placed => placed.package);
}

/**
 * Lays out packages and all of their production dependencies so that each finds the same versions as here.
 * If a package exists once per platform, only the target's is included.
 * @throws ColdpressError NATIVE_PACKAGE_MISSING, NATIVE_PACKAGE_CONFLICT
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
    if (nearest && parent === '') {
      throw new ColdpressError(
        'NATIVE_PACKAGE_CONFLICT',
        `the bundle imports ${found.name} both ${nearest.version} and ${found.version}; a function can hold one`,
        {
          hint: `npm ls ${found.name} shows where they come from; settle on one version with npm dedupe or overrides`,
        },
      );
    }
    const place = `${nearest ? parent : ''}node_modules/${found.name}`;
    placed.set(place, found);
    queue.push({ place, package: found });
  };
  for (const dir of dirs) {
    put('', readPackage(dir)!);
  }
  const missing: MissingPackage[] = [];
  // Breadth first: a package's dependencies are placed before theirs, which then cannot shadow them.
  for (const { place, package: parent } of queue) {
    const { found, absent } = productionDependencies(parent, arch);
    missing.push(...absent);
    for (const dependency of found) {
      put(`${place}/`, dependency);
    }
  }
  if (missing.length > 0) {
    throw notInstalled(missing, arch);
  }
  return queue;
}

/** Lists `node_modules/a/node_modules/b/` -> itself, `node_modules/a/`, ``. */
function parents(place: string): string[] {
  const parts = place.split(/(?<=\/)(?=node_modules\/)/).filter(Boolean);
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('')), ''];
}

function productionDependencies(parent: InstalledPackage, arch: Architecture) {
  const { dependencies, optionalDependencies, peerDependencies } = parent;
  const wanted = Object.entries({ ...peerDependencies, ...dependencies, ...optionalDependencies })
    .filter(([name]) => !isPlatformName(name) || isPlatformOf(name, arch))
    .map(([name, range]) => ({ name, range, parent, found: findPackage(name, parent.dir) }));
  return {
    found: wanted.flatMap(({ found }) => found ?? []),
    // Other missing packages are optional, or a mistake that Node reports both here and in the function.
    absent: wanted.filter(({ name, found }) => !found && isPlatformOf(name, arch)),
  };
}

function notInstalled(missing: MissingPackage[], arch: Architecture): ColdpressError {
  const needs = new Map(missing.map(({ parent }) => [parent, [] as string[]]));
  for (const { name, parent } of missing) {
    needs.get(parent)!.push(name);
  }
  const sentences = [...needs].map(
    ([{ name, version }, names]) => `${name} ${version} needs ${names.join(' and ')}`,
  );
  const specifiers = new Set(missing.map(({ name, range }) => quote(`${name}@${range}`)));
  return new ColdpressError(
    'NATIVE_PACKAGE_MISSING',
    `${sentences.join(', ')} on linux-${arch}; not installed here`,
    // One command for all, because each `--no-save` removes what the previous one added. `npm install --os --cpu` would
    // remove this machine's own packages, such as esbuild's binary.
    { hint: `npm install --no-save --force ${[...specifiers].join(' ')}` },
  );
}
