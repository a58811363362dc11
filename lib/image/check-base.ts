import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../artifact.ts';
import { ColdpressError } from '../errors.ts';
import { compareVersions, elfArchitecture, readElf } from '../native/elf.ts';
import type { Base } from './base.ts';
import { isLambdaImage } from './image-layout.ts';

/**
 * Checks that a base can run the artifact: it has Node of that version, and the libraries that native files load.
 * @throws ColdpressError BASE_INVALID, BASE_LIBC
 */
export function checkBase(base: Base, artifact: Artifact): void {
  const { name, facts, config } = base;
  const { versions } = artifact.manifest;
  if (facts.node === undefined) {
    throw new ColdpressError('BASE_INVALID', `${name} has no Node`, {
      hint: `use an image with Node ${versions.node}: --base node:${versions.node}-bookworm-slim`,
    });
  }
  const found = config.config?.Env?.find(variable => variable.startsWith('NODE_VERSION='))?.split('=')[1];
  if (found !== undefined && Number.parseInt(found, 10) !== Number(versions.node)) {
    throw new ColdpressError(
      'BASE_INVALID',
      `${name} has Node ${found}; the artifact was packed for ${versions.node}`,
      {
        hint: `pack it for the other version with --runtime, or use --base node:${versions.node}-bookworm-slim`,
      },
    );
  }
  if (isLambdaImage(artifact.manifest) && base.layers.some(({ mediaType }) => mediaType.endsWith('+zstd'))) {
    throw new ColdpressError(
      'BASE_INVALID',
      `${name} has layers that are compressed with zstd, which AWS Lambda refuses`,
      {
        hint: 'use a base whose layers are compressed with gzip',
      },
    );
  }
  for (const { path } of artifact.manifest.files.filter(({ path }) => /\.(node|so(\.\d+)*)$/.test(path))) {
    checkNative(base, { path, bytes: readFileSync(join(artifact.functionDir, path)) });
  }
}

function checkNative({ name, facts }: Base, { path, bytes }: { path: string; bytes: Buffer }): void {
  if (elfArchitecture(bytes) === undefined) {
    return;
  }
  const hint =
    'use a base with glibc, such as node:24-bookworm-slim, or pack with --engine compiled, which runs on any';
  if (facts.libc !== 'glibc') {
    const libc = facts.libc === 'musl' ? 'musl (Alpine Linux)' : 'no C library that is known';
    throw new ColdpressError('BASE_LIBC', `${path} needs glibc; ${name} has ${libc}`, { hint });
  }
  const { requires } = readElf(bytes);
  for (const family of ['GLIBC', 'GLIBCXX'] as const) {
    const [wanted, offered] = [requires[family], facts.provides[family]];
    if (wanted !== undefined && offered !== undefined && compareVersions(wanted, offered) > 0) {
      throw new ColdpressError(
        'BASE_LIBC',
        `${path} needs ${family}_${wanted}; ${name} has ${family}_${offered}`,
        {
          hint,
        },
      );
    }
  }
}
