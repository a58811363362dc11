import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Artifact } from '../artifact.ts';
import type { ExecutableContents } from '../contract/executable.ts';
import type { Manifest, NativeEngine } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { locateOnnxruntime } from '../native/onnxruntime.ts';
import { checkShipped, shippedOrigin } from '../native/shipped.ts';
import { type SourcedFile, sourcedFile } from '../native/sourced-file.ts';
import type { ExecutablePlatform } from './platforms.ts';

/** The contents of an executable. */
export interface Contents {
  manifest: Manifest;
  /** The files without the manifest. */
  files: SourcedFile[];
  /** The code that becomes the program: `index.mjs` and its chunks. */
  modules: SourcedFile[];
}

/**
 * Lists an artifact's files for a platform, with ONNX Runtime's build for it.
 * @throws ColdpressError PLATFORM_UNAVAILABLE, NATIVE_UNAVAILABLE, NATIVE_CHANGED
 */
export function executableFiles({ functionDir, manifest }: Artifact, platform: ExecutablePlatform): Contents {
  const sourced = manifest.files.map(file => ({ ...file, source: join(functionDir, file.path) }));
  const packages = sourced.filter(({ path }) => path.startsWith('node_modules/'));
  if (packages.length > 0) {
    throw new ColdpressError(
      'PLATFORM_UNAVAILABLE',
      `the score imports a package that stays outside of the bundle: ${packages[0]!.path}`,
      {
        hint: 'an executable holds code alone: import a package without files of its own, or use a container',
      },
    );
  }
  const native = manifest.engine.name === 'onnxruntime' ? manifest.engine : undefined;
  const others = native === undefined ? sourced : sourced.filter(({ path }) => !isNative(path, native));
  const files = native === undefined ? others : [...others, ...nativeFiles(native, sourced, platform)];
  const isModule = ({ path }: SourcedFile) => /^[^/]+\.[cm]js$/.test(path);
  const entries = files.map(({ source: _, ...entry }) => entry);
  return {
    manifest: {
      ...manifest,
      ...(native !== undefined && { architecture: platform.arch }),
      files: entries.sort((a, b) => (a.path < b.path ? -1 : 1)),
    },
    files,
    modules: files.filter(isModule),
  };
}

export function describeContents({ manifest, files }: Contents): ExecutableContents {
  const hashes = files.map(({ path, sha256 }) => [path, sha256]);
  const id = createHash('sha256').update(JSON.stringify(hashes)).digest('hex');
  return { name: manifest.name, id, files: files.map(({ path }) => path) };
}

function isNative(path: string, engine: NativeEngine): boolean {
  return path.startsWith(`${engine.path}/`) && /\.(node|so(\.\d+)*)$/.test(path);
}

function nativeFiles(
  engine: NativeEngine,
  files: readonly SourcedFile[],
  { os, arch }: ExecutablePlatform,
): SourcedFile[] {
  const found = locateOnnxruntime(os, arch);
  return found.files.map(name => {
    const origin = shippedOrigin(os, arch, name);
    const path = `${engine.path}/${name}`;
    const known = files.find(file => file.origin?.file === origin.file);
    const file = sourcedFile(known?.source ?? join(found.dir, name), {
      path,
      reason: `ONNX Runtime ${found.version} for Node on ${os}-${arch}`,
    });
    checkShipped(file.source, origin.file, file.sha256);
    return { ...file, origin };
  });
}
