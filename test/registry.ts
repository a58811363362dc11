import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A package of package-lock.json. Its fields have the names that a registry uses. */
interface Locked {
  version: string;
  integrity: string;
  bundleDependencies?: string[];
  inBundle?: boolean;
  link?: boolean;
}

interface Installed extends Locked {
  /** Its folder in this repository; missing where the package is for another platform. */
  dir: string;
}

export interface Registry {
  url: string;
  close(): void;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * A registry of npm that serves what this repository has installed, in the versions of its lock, and coldpress itself:
 * whatever a test installs from it is the same on every day and on every network.
 * @param tarball - the path of coldpress's own archive, which may be written later
 */
export async function startRegistry(tarball: string): Promise<Registry> {
  const packages = lockedPackages();
  const server = createServer((request, response) => {
    const { name, version } = parsePath(request.url!);
    const versions = packages.get(name);
    if (name === own.name) {
      const bytes = readFileSync(tarball);
      response.end(version === '' ? describe(name, [{ ...own, integrity: sha512(bytes) }]) : bytes);
    } else if (versions === undefined) {
      response.writeHead(404).end();
    } else if (version === '') {
      response.end(describe(name, [...versions.values()]));
    } else {
      sendFolder(versions.get(version)!, response);
    }
  });

  /** The lock's integrity is true of no archive that is made here, only of one that cannot be made. */
  function describe(name: string, locked: readonly Partial<Installed>[]): string {
    const versions = locked.map(({ dir, integrity, ...manifest }) => {
      const isMadeHere = dir !== undefined && existsSync(dir);
      const tarball = `${url}${name}/-/${manifest.version}.tgz`;
      return { name, ...manifest, dist: isMadeHere ? { tarball } : { tarball, integrity } };
    });
    return JSON.stringify({
      name,
      'dist-tags': { latest: versions.at(-1)!.version },
      versions: Object.fromEntries(versions.map(one => [one.version, one])),
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, close: () => void server.close() };
}

/** `/@scope%2fname` or `/@scope/name/-/1.0.0.tgz`. */
function parsePath(path: string): { name: string; version: string } {
  const [name = '', archive = ''] = decodeURIComponent(path.slice(1)).split('/-/');
  return { name, version: archive.replace(/\.tgz$/, '') };
}

/** By name and version: the lock has some packages in several versions. */
function lockedPackages(): Map<string, Map<string, Installed>> {
  const packages = new Map<string, Map<string, Installed>>();
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, locked] of Object.entries<Locked>(lock.packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (path.includes('node_modules/') && !locked.inBundle && !locked.link) {
      const versions = packages.get(name) ?? new Map();
      packages.set(name, versions.set(locked.version, { ...locked, dir: join(root, path) }));
    }
  }
  return packages;
}

/** As an archive that is not compressed, which npm accepts too. */
function sendFolder({ dir, bundleDependencies }: Installed, response: ServerResponse): void {
  const left = bundleDependencies === undefined ? ['--exclude', 'node_modules'] : [];
  // Without what macOS adds.
  const env = { ...process.env, COPYFILE_DISABLE: '1' };
  const tar = spawn('tar', [...left, '-cf', '-', basename(dir)], { cwd: dirname(dir), env });
  tar.stdout.pipe(response);
}

function sha512(bytes: Buffer): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}
