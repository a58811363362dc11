import { fetchNode } from './node-package.ts';
import { type ExecutablePlatform, hostPlatform } from './platforms.ts';

export interface FetchedNode {
  name: string;
  version: string;
  path: string;
  /** Whether the files were already in the cache. */
  hit: boolean;
}

/**
 * Fetches what an executable for a platform is made of: its Node and, if that differs from the running version, a Node
 * of that version for this machine, which writes the program in that version's format.
 * @throws ColdpressError NODE_FETCH_FAILED, NODE_HASH_MISMATCH
 */
export async function fetchPlatform(
  { node, blobBy }: ExecutablePlatform,
  options: { cacheDir: string; signal?: AbortSignal; onProgress?: (step: string) => void },
): Promise<FetchedNode[]> {
  const writer = blobBy ?? hostPlatform()?.node;
  const isWritten = writer === undefined || writer.version === process.versions.node || writer === node;
  const fetched: FetchedNode[] = [];
  for (const wanted of isWritten ? [node] : [node, writer]) {
    const { name, version } = wanted;
    options.onProgress?.(`fetching ${name} ${version}`);
    fetched.push({ name, version, ...(await fetchNode(wanted, options)) });
  }
  return fetched;
}
