import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A package as it lies in node_modules. */
export interface InstalledPackage {
  name: string;
  version: string;
  /** Real path: package managers that link have one folder under several names. */
  dir: string;
  license: string | undefined;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** The package whose folder this is; `undefined` where package.json is absent or only sets options of a subfolder. */
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

/** coldpress itself, from a clone or where it is installed. */
export function coldpressPackage(): InstalledPackage {
  return readPackage(dirname(createRequire(import.meta.url).resolve('coldpress/package.json')))!;
}

/** The package of node_modules that holds a file. Folders of a package may have a package.json of their own. */
export function packageOf(file: string): InstalledPackage | undefined {
  const dir = /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(file)?.[0];
  return dir === undefined ? undefined : readPackage(dir);
}

/** The package that `name` means to code in `from`, by Node's rule: the nearest node_modules upwards. */
export function findPackage(name: string, from: string): InstalledPackage | undefined {
  for (let dir = from; dir !== dirname(dir); dir = dirname(dir)) {
    const found = readPackage(join(dir, 'node_modules', name));
    if (found) {
      return found;
    }
  }
  return undefined;
}
