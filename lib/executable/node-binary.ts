import { readFile } from 'node:fs/promises';
import { MANIFEST_FILE } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { cachedNode } from './node-package.ts';
import { type ExecutablePlatform, hostPlatform } from './platforms.ts';

/**
 * Marks a Node binary that can hold a program; such a binary contains this text once.
 * https://nodejs.org/api/single-executable-applications.html
 */
export const sentinel = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

export interface NodeBinaries {
  /** The binary that becomes the executable. */
  target: Buffer;
  version: string;
  /** Path of a Node that writes the program in the format that `target` reads. */
  blobWriter: string;
  /** Whether `target` itself writes the program, so that V8's code cache can be included. */
  isSame: boolean;
}

/**
 * Finds Node for a platform: for this machine, the running one if it can hold a program; otherwise the pinned one from
 * the cache.
 * @throws ColdpressError NODE_NOT_FETCHED, PLATFORM_UNAVAILABLE
 */
export async function findNode(
  platform: ExecutablePlatform,
  { cacheDir, nodeMajor }: { cacheDir: string; nodeMajor: number },
): Promise<NodeBinaries> {
  const host = hostPlatform();
  const own = await ownBinary(nodeMajor);
  if (host?.id === platform.id && own !== undefined) {
    return { target: own, version: process.versions.node, blobWriter: process.execPath, isSame: true };
  }
  const { node } = platform;
  const path = await cachedNode(node, cacheDir);
  const target = await readFile(path);
  if (host?.id === platform.id) {
    return { target, version: node.version, blobWriter: path, isSame: true };
  }
  const blobWriter = await findWriter(platform, { cacheDir, own });
  return { target, version: node.version, blobWriter, isSame: false };
}

async function findWriter(
  { node, blobBy, id }: ExecutablePlatform,
  { cacheDir, own }: { cacheDir: string; own: Buffer | undefined },
): Promise<string> {
  if (own !== undefined && process.versions.node === node.version) {
    return process.execPath;
  }
  const host = hostPlatform();
  const writer = blobBy ?? host?.node;
  if (writer === undefined || (blobBy !== undefined && host?.id !== 'linux-x64')) {
    throw new ColdpressError(
      'PLATFORM_UNAVAILABLE',
      `an executable for ${id} cannot be made on this machine`,
      {
        hint: `make it on ${id} itself, or on Linux with x64`,
      },
    );
  }
  return cachedNode(writer, cacheDir);
}

/** Linux distributions build Node as a small program with a shared library, which cannot hold another program. */
async function ownBinary(nodeMajor: number): Promise<Buffer | undefined> {
  if (Number.parseInt(process.versions.node, 10) !== nodeMajor) {
    return undefined;
  }
  const bytes = await readFile(process.execPath);
  const first = bytes.indexOf(`${sentinel}:0`);
  return first !== -1 && bytes.indexOf(`${sentinel}:0`, first + 1) === -1 ? bytes : undefined;
}

/** Whether a file is a Node that holds a program of coldpress: its fuse is set, and it names the manifest. */
export function isExecutable(bytes: Buffer): boolean {
  return bytes.includes(`${sentinel}:1`) && bytes.includes(MANIFEST_FILE);
}
