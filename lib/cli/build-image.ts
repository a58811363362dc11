import { resolve } from 'node:path';
import type { Architecture } from '../contract/manifest.ts';
import { type BuiltImage, buildImage } from '../image/build.ts';
import { cacheRoot } from '../pack/cache.ts';
import { loadConfig } from '../pack/config.ts';
import { LOCK_FILE } from '../pack/lock.ts';

export interface ImageFlags {
  base?: string | undefined;
  arch?: Architecture | undefined;
  snapStart?: boolean | undefined;
  config?: string | undefined;
}

/** Builds an image of artifacts with the lock, the cache and the commit of the project in the current folder. */
export async function buildProjectImage(
  dirs: readonly string[],
  { base, arch, snapStart, config }: ImageFlags,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (step: string) => void },
): Promise<BuiltImage> {
  const { dir } = await loadConfig(config, process.cwd());
  return buildImage(dirs, {
    base,
    architecture: arch,
    snapStart,
    signal,
    onProgress,
    cwd: dir,
    env: process.env,
    cacheDir: cacheRoot(process.env),
    lockPath: resolve(dir, LOCK_FILE),
  });
}
