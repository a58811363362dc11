import { posix } from 'node:path';
import { type FileEntry, MANIFEST_FILE } from '../contract/manifest.ts';
import { shippedSha256 } from '../native/shipped.ts';
import type { Contents } from './contents.ts';

/** A file that differs from the manifest. */
export type Difference =
  | { kind: 'changed'; path: string; expected: string; found: string }
  | { kind: 'missing'; path: string; expected: string }
  | { kind: 'unlisted'; path: string };

/**
 * Joins the differences from the signature and those from the manifest, each file once. An archive is left out if the
 * manifest names the entries in it that differ.
 */
export function joinDifferences(signed: readonly Difference[], listed: readonly Difference[]): Difference[] {
  const inArchives = (path: string) => listed.some(other => other.path.startsWith(`${path}/`));
  const signedPaths = new Set(signed.map(({ path }) => path));
  return [
    ...signed.filter(({ path }) => !inArchives(path)),
    ...listed.filter(({ path }) => !signedPaths.has(path)),
  ];
}

/**
 * Compares files with a manifest by their SHA-256, and native files of ONNX Runtime also with those that this coldpress
 * ships.
 */
export async function compareFiles(
  contents: Contents,
  listed: readonly FileEntry[],
  { hasManifest = false }: { hasManifest?: boolean } = {},
): Promise<Difference[]> {
  const present = new Set(contents.paths);
  const place = (path: string) => posix.join(contents.name, path);
  const differences: Difference[] = [];
  for (const { path, sha256, origin } of listed) {
    const expected = (origin && shippedSha256(origin)) ?? sha256;
    if (!present.delete(path)) {
      differences.push({ kind: 'missing', path: place(path), expected });
      continue;
    }
    const found = await contents.sha256(path);
    if (found !== expected) {
      differences.push({ kind: 'changed', path: place(path), expected, found });
    }
  }
  if (hasManifest) {
    present.delete(MANIFEST_FILE);
  }
  return [...differences, ...[...present].map(path => ({ kind: 'unlisted' as const, path: place(path) }))];
}
