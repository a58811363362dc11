import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ColdpressError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { makeFolder } from '../make-folder.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { executablePlatforms, type NodePackage } from './platforms.ts';

const run = promisify(execFile);

/**
 * Returns the path of a package's binary in the cache.
 * @throws ColdpressError NODE_NOT_FETCHED
 */
export async function cachedNode(wanted: NodePackage, cacheDir: string): Promise<string> {
  const path = placeOf(wanted, cacheDir);
  const expected = await readFile(`${path}.sha256`, 'utf8').catch(() => undefined);
  if (expected === undefined || !existsSync(path) || (await hashFile(path)) !== expected) {
    throw new ColdpressError('NODE_NOT_FETCHED', `${wanted.name} ${wanted.version} is not in the cache`, {
      hint: `fetch it once, with a network: npx coldpress fetch --platform ${platformOf(wanted)}`,
    });
  }
  return path;
}

/** One that needs the package, as it is or to write its blob. */
function platformOf(wanted: NodePackage): string {
  return executablePlatforms.find(({ node, blobBy }) => node === wanted || blobBy === wanted)!.id;
}

/**
 * Downloads a package with npm, which uses this machine's registry and proxy settings, checks its pinned hash, and
 * keeps its binary in the cache.
 * @throws ColdpressError NODE_FETCH_FAILED, NODE_HASH_MISMATCH
 */
export async function fetchNode(
  wanted: NodePackage,
  { cacheDir, signal }: { cacheDir: string; signal?: AbortSignal },
): Promise<{ path: string; hit: boolean }> {
  const known = await cachedNode(wanted, cacheDir).catch(() => undefined);
  if (known !== undefined) {
    return { path: known, hit: true };
  }
  await makeFolder(cacheDir);
  const work = await makeTemporaryFolder({ purpose: 'new', parent: cacheDir });
  try {
    const archive = await download(wanted, work, signal);
    const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    if (found !== wanted.integrity) {
      throw new ColdpressError(
        'NODE_HASH_MISMATCH',
        `${wanted.name} ${wanted.version} has the hash ${found}, expected ${wanted.integrity}`,
        { hint: 'your registry serves another file under this name: ask its operator' },
      );
    }
    const binary = readFromTar(gunzipSync(archive), `package/${wanted.file}`);
    const path = placeOf(wanted, cacheDir);
    await mkdir(dirname(path), { recursive: true });
    const partial = join(work, 'node');
    await writeFile(partial, binary);
    await chmod(partial, 0o755);
    await rename(partial, path);
    await writeFile(`${path}.sha256`, createHash('sha256').update(binary).digest('hex'));
    return { path, hit: false };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download({ name, version }: NodePackage, dir: string, signal?: AbortSignal): Promise<Buffer> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  try {
    const args = ['pack', `${name}@${version}`, '--pack-destination', dir, '--silent'];
    await run(npm, args, { cwd: dir, signal, shell: process.platform === 'win32' });
    return await readFile(join(dir, `${name}-${version}.tgz`));
  } catch (cause) {
    signal?.throwIfAborted();
    const { stderr = '', message } = cause as Error & { stderr?: string };
    const reason = (stderr.trim() || message).split('\n')[0];
    throw new ColdpressError('NODE_FETCH_FAILED', `npm cannot download ${name} ${version}: ${reason}`, {
      hint: `run \`npm view ${name}@${version}\` to see what your registry answers`,
      cause,
    });
  }
}

/**
 * Reads a file from a tar archive: blocks of 512 bytes, with a header before each file.
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
function readFromTar(tar: Buffer, wanted: string): Buffer {
  const text = (at: number, length: number) => tar.toString('latin1', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const sizeBytes = Number.parseInt(text(at + 124, 12), 8);
    if (text(at, 100) === wanted) {
      return tar.subarray(at + 512, at + 512 + sizeBytes);
    }
    at += 512 + 512 * Math.ceil(sizeBytes / 512);
  }
  throw new Error(`the archive has no ${wanted}`);
}

function placeOf({ name, version, file }: NodePackage, cacheDir: string): string {
  return join(cacheDir, `${name}-${version}`, file.replace(/^bin\//, ''));
}
