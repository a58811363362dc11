import { isDeepStrictEqual } from 'node:util';
import { unzipSync } from 'fflate';
import { type FileEntry, MANIFEST_FILE, type Manifest } from '../../contract/manifest.ts';
import { hashFile } from '../../hash-file.ts';
import { compareFiles } from '../../verify/compare.ts';
import { memoryContents } from '../../verify/contents.ts';
import type { DeployedArchive } from './deployed.ts';
import { type CodeFacts, factsOf, manifestIn } from './facts.ts';

/** Deployed bytes and those of the artifact, as text. */
export interface ComparedBytes {
  deployed: string;
  artifact: string;
  equal: boolean;
}

/** An archive of the artifact, and the files in it. */
export interface OwnArchive {
  path: string;
  files: readonly FileEntry[];
  /** Also a file of the archive, unless it is a layer. */
  manifest?: Manifest;
}

/**
 * Compares a deployed archive with one of the artifact: by hash, and if that differs, file by file, because other tools
 * make archives of their own from the same files.
 * @throws ColdpressError DEPLOYED_UNREADABLE
 */
export async function compareArchive(
  deployed: DeployedArchive,
  { path, files, manifest }: OwnArchive,
): Promise<{ compared: ComparedBytes; facts: CodeFacts }> {
  const artifact = await hashFile(path);
  if (deployed.sha256 === artifact) {
    const compared = { deployed: artifact, artifact, equal: true };
    return { compared, facts: manifest === undefined ? {} : factsOf(manifest) };
  }
  const entries = unzip(await deployed.download());
  if (entries === undefined) {
    return { compared: { deployed: 'not a zip archive', artifact, equal: false }, facts: {} };
  }
  const found = manifestIn(entries);
  const names = await differences(entries, files);
  if (manifest !== undefined && !isDeepStrictEqual(found, manifest)) {
    names.push(`${MANIFEST_FILE} ${MANIFEST_FILE in entries ? 'changed' : 'missing'}`);
  }
  const same = deployed.sha256 === undefined ? artifact : 'the same files in another archive';
  return {
    compared: { deployed: names.length === 0 ? same : list(names), artifact, equal: names.length === 0 },
    facts: found === undefined ? {} : factsOf(found),
  };
}

/** Compares the function's layers with the artifact's, which may be any of them. @throws ColdpressError DEPLOYED_UNREADABLE */
export async function compareLayers(
  layers: readonly DeployedArchive[],
  own: OwnArchive,
): Promise<ComparedBytes> {
  const artifact = await hashFile(own.path);
  const same = layers.find(({ sha256 }) => sha256 === artifact);
  if (same !== undefined || layers.length === 0) {
    return { deployed: same?.sha256 ?? 'no layer', artifact, equal: same !== undefined };
  }
  const all = await Promise.all(layers.map(layer => compareArchive(layer, own)));
  return (all.find(({ compared }) => compared.equal) ?? all[0]!).compared;
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> | undefined {
  try {
    return unzipSync(bytes);
  } catch {
    return undefined;
  }
}

async function differences(
  entries: Record<string, Uint8Array>,
  files: readonly FileEntry[],
): Promise<string[]> {
  const found = await compareFiles(memoryContents(entries, ''), files, { hasManifest: true });
  return found.map(({ path, kind }) => `${path.slice(1)} ${kind}`);
}

const shownNames = 3;

function list(names: readonly string[]): string {
  const more = names.length > shownNames ? [`${names.length - shownNames} more`] : [];
  return [...names.slice(0, shownNames), ...more].join(', ');
}
