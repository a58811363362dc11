import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A package installed in node_modules. */
export interface InstalledPackage {
  name: string;
  version: string;
  /** Real path, because package managers that use links have one folder under several names. */
  dir: string;
  license: string | undefined;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** Reads the package in a folder; `undefined` if package.json is missing or only sets options of a subfolder. */
export function readPackage(dir: string): InstalledPackage | undefined {
  const file = join(dir, 'package.json');
  if (!existsSync(file)) {
    return undefined;
  }
  const { name, version, license, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
  if (!name || !version) {
    return undefined;
  }
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = rest;
  return {
    name,
    version,
    license,
    dir: realpathSync(dir),
    dependencies,
    optionalDependencies,
    peerDependencies,
  };
}

/** Returns coldpress itself, from a clone or its installation. */
export function coldpressPackage(): InstalledPackage {
  return readPackage(dirname(createRequire(import.meta.url).resolve('coldpress/package.json')))!;
}

/** Finds the package in node_modules that contains a file. A package's subfolders may have a package.json too. */
export function packageOf(file: string): InstalledPackage | undefined {
  const dir = /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(file)?.[0];
  return dir === undefined ? undefined : readPackage(dir);
}

/** Resolves a package name for code in `from` as Node does: in the nearest node_modules upwards. */
export function findPackage(name: string, from: string): InstalledPackage | undefined {
  for (let dir = from; dir !== dirname(dir); dir = dirname(dir)) {
    const found = readPackage(join(dir, 'node_modules', name));
    if (found) {
      return found;
    }
  }
  return undefined;
}
