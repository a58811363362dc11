import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileOrigin } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { vendoredDir } from '../vendored.ts';

/** The npm package whose native files coldpress ships, in one fixed version. */
interface ShippedPackage {
  package: 'onnxruntime-node';
  version: string;
  /** Hash of the package's archive, as in npm's lock files. */
  integrity: string;
  /** SHA-256 of each native file, by its path in the package. */
  files: Record<string, string>;
}

/** All native files that coldpress ships and packs. Run `node test/native/write-shipped.ts` to update the list. */
export const shipped: ShippedPackage = JSON.parse(
  readFileSync(new URL('./shipped.json', import.meta.url), 'utf8'),
);

/** The licence of these files, as the package states it. */
export const shippedLicense = 'MIT';

/** Returns the names of the shipped files for an operating system and CPU, in Node's spelling. */
export function shippedNames(os: string, arch: string): string[] {
  return Object.keys(shipped.files)
    .filter(file => file.startsWith(folderOf(os, arch)))
    .map(file => basename(file));
}

/** Returns the origin of a shipped file. */
export function shippedOrigin(os: string, arch: string, name: string): FileOrigin {
  const { package: from, version, integrity } = shipped;
  return { package: from, version, file: folderOf(os, arch) + name, integrity };
}

/** Returns the SHA-256 that a file of this origin must have; `undefined` if coldpress does not ship it. */
export function shippedSha256(origin: FileOrigin): string | undefined {
  return origin.package === shipped.package && origin.version === shipped.version
    ? shipped.files[origin.file]
    : undefined;
}

const checked = new Set<string>();

/**
 * Compares the installed native files for an operating system and CPU with the list, once per process. Takes 60 ms.
 * @param root - the package's folder
 * @throws ColdpressError NATIVE_CHANGED
 */
export function checkInstalled(os: string, arch: string, root: string = vendoredDir(shipped.package)): void {
  const files = Object.keys(shipped.files).filter(file => file.startsWith(folderOf(os, arch)));
  for (const file of files) {
    const path = join(root, file);
    if (!checked.has(path) && existsSync(path)) {
      checkShipped(path, file, createHash('sha256').update(readFileSync(path)).digest('hex'));
      checked.add(path);
    }
  }
}

/**
 * @param file - path in the package
 * @throws ColdpressError NATIVE_CHANGED
 */
export function checkShipped(path: string, file: string, sha256: string): void {
  const expected = shipped.files[file];
  if (sha256 !== expected) {
    throw new ColdpressError(
      'NATIVE_CHANGED',
      `${path} is not the file of ${shipped.package} ${shipped.version}: its SHA-256 is ${sha256}, expected ${expected}`,
      { hint: 'install coldpress again: delete node_modules/coldpress and run npm install' },
    );
  }
}

function folderOf(os: string, arch: string): string {
  return `bin/napi-v6/${os}/${arch}/`;
}
