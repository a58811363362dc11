import { copyFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Host } from '../host.ts';
import { rapidClientModule } from './rapid-client.ts';

export type RuntimeClientName = 'aws-lambda-ric' | 'coldpress';

export interface RuntimeClient {
  /** `aws-lambda-ric 4.0.2`, or `coldpress` for our own. */
  name: string;
  /** Copies the client to the sandbox's `/var/runtime` if it must be there; returns the file that Node must run. */
  install(runtimeDir: string): Promise<string>;
}

/** Where AWS's client may be installed: next to the user's project or coldpress, or inside a clone of coldpress. */
export function runtimeClientPlaces({ cwd }: Pick<Host, 'cwd'>): string[] {
  const coldpress = dirname(createRequire(import.meta.url).resolve('coldpress/package.json'));
  return [cwd, coldpress, join(coldpress, 'lib/local/aws-lambda-ric')];
}

/**
 * AWS's runtime client if it is installed, otherwise our own.
 * @param places - folders to look from
 * @param only - the one to use, whatever is installed; without AWS's, our own is used in any case
 */
export function resolveRuntimeClient(places: string[], only?: RuntimeClientName): RuntimeClient {
  const ric = only === 'coldpress' ? undefined : findRic(places);
  return ric ?? ownClient();
}

function findRic(places: string[]): RuntimeClient | undefined {
  for (const place of places) {
    try {
      const require = createRequire(join(place, 'package.json'));
      const manifest = require.resolve('aws-lambda-ric/package.json');
      return ricClient(dirname(manifest), require(manifest).version);
    } catch {
      // An optional peer that is not installed here.
    }
  }
  return undefined;
}

/**
 * AWS's client is one file that requires `./rapid-client.node`, which Lambda has in /var/runtime. Next to a copy of it,
 * `rapid-client.node.js` is loaded instead: nothing has to be compiled, and no module loader patched.
 */
function ricClient(packageDir: string, version: string): RuntimeClient {
  return {
    name: `aws-lambda-ric ${version}`,
    async install(runtimeDir) {
      const entry = join(runtimeDir, 'index.mjs');
      await copyFile(join(packageDir, 'index.mjs'), entry);
      await writeFile(join(runtimeDir, 'rapid-client.node.js'), rapidClientModule());
      return entry;
    },
  };
}

function ownClient(): RuntimeClient {
  const entry = fileURLToPath(new URL(`./client${extname(import.meta.url)}`, import.meta.url));
  return { name: 'coldpress', install: async () => entry };
}
