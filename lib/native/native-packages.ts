import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Architecture } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import type { LinuxSystem } from '../targets/linux-system.ts';
import { nativeClosure } from './closure.ts';
import { elfArchitecture } from './elf.ts';
import type { InstalledPackage } from './installed-package.ts';
import { placePackages } from './package-tree.ts';
import { type SourcedFile, sourcedFile } from './sourced-file.ts';

export interface NativePackagesTarget {
  arch: Architecture;
  system: LinuxSystem;
}

export interface NativePackagePlan {
  /** All packages that are included, with dependencies. */
  packages: { name: string; version: string }[];
  /** Paths begin with `node_modules/` and are relative to the folder of the bundle. */
  files: SourcedFile[];
}

const BINARY = /\.(node|dll|dylib|so(\.\d+)*)$/;
/** Sources, build outputs and types of a package, which are not needed at run time. */
const BUILD_INPUT = /\.(c|cc|cpp|h|hpp|o|a|lib|obj|pdb|gypi?|map|d\.[cm]?ts)$/;

/**
 * Plans the packages with native files that a function's score imports: each with its production dependencies, and
 * native files only for the target.
 * @param dirs - the packages' folders, as the plugin `nativePackages` finds them
 * @throws ColdpressError NATIVE_PACKAGE_MISSING, NATIVE_PACKAGE_CONFLICT, NATIVE_PACKAGE_UNFIT, `nativeClosure`'s
 */
export function nativePackagePlan(dirs: readonly string[], target: NativePackagesTarget): NativePackagePlan {
  const placed = placePackages([...dirs].sort(), target.arch);
  return {
    packages: placed.map(({ package: { name, version } }) => ({ name, version })),
    files: placed.flatMap(({ place, package: found }) =>
      shippedFiles(found, target).map(source => {
        const file = relative(found.dir, source).split(sep).join('/');
        const { name, version } = found;
        return {
          ...sourcedFile(source, {
            path: `${place}/${file}`,
            reason: `${name} ${version}, a package that reads files next to itself or a dependency of one`,
          }),
          ...(BINARY.test(file) && { origin: { package: name, version, file } }),
        };
      }),
    ),
  };
}

/** Returns absolute paths of a package's files, without the packages nested in it. */
export function packageFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' ? [] : packageFiles(path);
    }
    return statSync(path).isFile() ? [path] : [];
  });
}

function shippedFiles(found: InstalledPackage, target: NativePackagesTarget): string[] {
  const files = packageFiles(found.dir).filter(path => !BUILD_INPUT.test(path));
  const native = files.filter(path => BINARY.test(path));
  const forCpu = native.filter(path => elfArchitecture(firstBytes(path)) === target.arch);
  const addons = forCpu.filter(path => path.endsWith('.node'));
  if (addons.length === 0 && native.some(path => path.endsWith('.node'))) {
    throw unfit(found, target.arch);
  }
  const failures = addons.flatMap(path => loadFailure(path, target));
  // Packages contain builds for both glibc and musl and choose at run time, so one that loads is enough.
  if (addons.length > 0 && failures.length === addons.length) {
    throw failures[0]!.error;
  }
  const excluded = new Set([
    ...native.filter(path => !forCpu.includes(path)),
    ...failures.map(({ path }) => path),
  ]);
  return files.filter(path => !excluded.has(path));
}

function loadFailure(path: string, target: NativePackagesTarget): { path: string; error: unknown }[] {
  try {
    nativeClosure(path, target);
    return [];
  } catch (error) {
    return [{ path, error }];
  }
}

function unfit({ name, version }: InstalledPackage, arch: Architecture): ColdpressError {
  const platform = `linux/${arch === 'x64' ? 'amd64' : arch}`;
  return new ColdpressError(
    'NATIVE_PACKAGE_UNFIT',
    `${name} ${version} is installed without files for linux-${arch}`,
    {
      hint: `docker run --rm --platform ${platform} -v "$PWD":/app -w /app node:24 npm install --no-save ${name}@${version}`,
    },
  );
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(20);
  const file = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
