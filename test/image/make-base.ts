import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { jsonBlob, mediaTypes, platformOf, sha256Of } from '../../lib/image/oci.ts';
import type { SmallRegistry } from './small-registry.ts';

export interface BaseContent {
  /** Paths in the image, and what their files hold. */
  files: Record<string, string>;
  env?: string[];
}

/** Of a Debian with Node, what coldpress looks at. */
export const debian: BaseContent = {
  files: {
    'usr/local/bin/node': '\x7fELF /lib64/ld-linux-x86-64.so.2',
    'usr/lib/x86_64-linux-gnu/libc.so.6': 'GNU C Library stable release version 2.36.',
    'usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30': '',
  },
  env: ['PATH=/usr/local/bin:/usr/bin', 'NODE_VERSION=24.21.0'],
};

export const alpine: BaseContent = {
  ...debian,
  files: {
    'usr/local/bin/node': '\x7fELF /lib/ld-musl-x86_64.so.1',
    'lib/ld-musl-x86_64.so.1': '',
  },
};

/** Puts a base into a registry, as an index. @param cpus - those that it has an image for */
export async function putBase(
  registry: SmallRegistry,
  name: string,
  { files, env = [] }: BaseContent = debian,
  cpus: readonly ('x64' | 'arm64')[] = ['x64', 'arm64'],
): Promise<string> {
  const [repository, tag] = name.split(':') as [string, string];
  const put = (bytes: Buffer) => {
    const digest = sha256Of(bytes);
    registry.blobs.set(digest, bytes);
    registry.linked.set(repository, (registry.linked.get(repository) ?? new Set()).add(digest));
    return { digest, size: bytes.length };
  };
  const keep = (bytes: Buffer, type: string) => {
    const digest = sha256Of(bytes);
    registry.manifests.set(`${repository}@${digest}`, { bytes, type });
    return { mediaType: type, digest, size: bytes.length };
  };
  const manifests = [];
  for (const cpu of cpus) {
    const tar = pack();
    for (const [path, text] of Object.entries(files)) {
      tar.entry({ name: path, mtime: new Date(0) }, text);
    }
    tar.entry({ name: `etc/${cpu}`, mtime: new Date(0) }, cpu);
    tar.finalize();
    const bytes = await buffer(tar);
    const layer = { mediaType: mediaTypes.layer, ...put(gzipSync(bytes)) };
    const config = jsonBlob(mediaTypes.config, {
      ...platformOf(cpu),
      config: { Env: env, Cmd: ['node'], Labels: { base: 'yes' } },
      rootfs: { type: 'layers', diff_ids: [sha256Of(bytes)] },
      history: [{ created_by: 'a test' }],
    });
    const manifest = jsonBlob(mediaTypes.manifest, {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: mediaTypes.config, ...put(config.bytes) },
      layers: [layer],
    });
    manifests.push({ ...keep(manifest.bytes, mediaTypes.manifest), platform: platformOf(cpu) });
  }
  const index = jsonBlob(mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests });
  const top = keep(index.bytes, mediaTypes.index);
  registry.manifests.set(`${repository}:${tag}`, { bytes: index.bytes, type: mediaTypes.index });
  return top.digest;
}
