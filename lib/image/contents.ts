import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../artifact.ts';
import { MANIFEST_FILE } from '../contract/manifest.ts';
import { type Part, partOf, parts } from '../targets/container/part.ts';
import type { ImageLayout } from './image-layout.ts';
import type { LayerFile } from './layer.ts';
import { sha256Of } from './oci.ts';

/**
 * Returns the artifact's files in an image by part, ordered by how often they change; parts without files are left out.
 */
export function layersOf(
  artifact: Artifact,
  { folder, extras }: ImageLayout,
): { part: Part; files: LayerFile[] }[] {
  const { manifest, functionDir } = artifact;
  const text = readFileSync(join(functionDir, MANIFEST_FILE), 'utf8');
  const entry = {
    path: `${folder}/${MANIFEST_FILE}`,
    sizeBytes: Buffer.byteLength(text),
    sha256: sha256Of(text).slice('sha256:'.length),
    contents: text,
  };
  return parts.flatMap(part => {
    const listed = manifest.files
      .filter(({ path }) => partOf(path) === part)
      .map(({ path, sizeBytes, sha256 }) => ({
        sizeBytes,
        sha256,
        path: `${folder}/${path}`,
        source: join(functionDir, path),
      }));
    const others = { engine: extras, weights: [], code: [entry] };
    const files = [...listed, ...others[part]];
    return files.length === 0 ? [] : [{ part, files }];
  });
}
