import { eachEntry } from './read-layer.ts';

/** The relevant facts about a base image, read from its layers. */
export interface BaseFacts {
  /** Path of Node: `/usr/local/bin/node`. */
  node: string | undefined;
  /** The C library that Node is linked with or, if it is linked statically, the one in the image. */
  libc: 'glibc' | 'musl' | undefined;
  /** The highest symbol versions that its libraries provide, if known. */
  provides: { GLIBC?: string; GLIBCXX?: string };
}

/** Reads the files in the layers; later layers replace earlier ones. Takes 2 seconds for 200 MB. */
export async function readFacts(
  layers: readonly { path: string; mediaType: string }[],
  searchPath: readonly string[],
): Promise<BaseFacts> {
  const nodes = new Map<string, 'glibc' | 'musl' | undefined>();
  const provides: BaseFacts['provides'] = {};
  let hasMusl = false;
  let hasGlibc = false;
  for (const layer of layers) {
    await eachEntry(layer, async ({ name, type }, read) => {
      const path = `/${name.replace(/^(\.?\/)+/, '')}`;
      if (/\/bin\/node$/.test(path)) {
        nodes.set(path, type === 'file' ? interpreterOf(await read(2 ** 16)) : undefined);
      }
      const folder = path.slice(0, path.lastIndexOf('/'));
      const deleted = path.slice(path.lastIndexOf('/') + 1).replace(/^\.wh\./, '');
      if (path.includes('/.wh.')) {
        nodes.delete(`${folder}/${deleted}`);
      }
      hasMusl ||= /\/ld-musl-[^/]*\.so\.1$/.test(path);
      if (type === 'file' && /\/libc(\.so\.6|-2\.\d+\.so)$/.test(path)) {
        hasGlibc = true;
        const version = /stable release version (\d+\.\d+)/.exec(
          (await read(Infinity)).toString('latin1'),
        )?.[1];
        Object.assign(provides, version !== undefined && { GLIBC: version });
      }
      // libstdc++.so.6.0.30 provides GLIBCXX_3.4.30, and likewise for other versions: libstdc++ manual, "ABI Policy and
      // Guidelines".
      const minor = /\/libstdc\+\+\.so\.6\.0\.(\d+)$/.exec(path)?.[1];
      Object.assign(provides, minor !== undefined && { GLIBCXX: `3.4.${minor}` });
    });
  }
  const node = [...searchPath.map(folder => `${folder}/node`), ...nodes.keys()].find(path => nodes.has(path));
  const linked = node === undefined ? undefined : nodes.get(node);
  const libc = linked ?? (hasGlibc ? 'glibc' : hasMusl ? 'musl' : undefined);
  return { node, libc, provides };
}

/** Detects the C library by the loader that an ELF file names. */
function interpreterOf(start: Buffer): 'glibc' | 'musl' | undefined {
  const [, name] = /\/(ld-musl|ld-linux)[\w.-]*/.exec(start.toString('latin1')) ?? [];
  return name === undefined ? undefined : name === 'ld-musl' ? 'musl' : 'glibc';
}
