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
  /** Puts the client in the sandbox's `/var/runtime` where it has to lie there; returns what Node is to run. */
  install(runtimeDir: string): Promise<string>;
}

/** Where AWS's client may be installed: beside the user's project, beside coldpress, or nested in a clone of it. */
export function runtimeClientPlaces({ cwd }: Pick<Host, 'cwd'>): string[] {
  const coldpress = dirname(createRequire(import.meta.url).resolve('coldpress/package.json'));
  return [cwd, coldpress, join(coldpress, 'lib/local/aws-lambda-ric')];
}

/**
 * AWS's runtime client where it is installed, else our own.
 * @param places - folders to look from
 * @param only - the one to use, whatever is installed; AWS's falls back to our own all the same
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
      // An optional peer: not there, or not from here.
    }
  }
  return undefined;
}

/**
 * AWS's client is one file that asks for `./rapid-client.node`, as Lambda has it in /var/runtime. Beside a copy of it,
 * `rapid-client.node.js` answers that request: nothing has to be compiled, nor a module loader to be patched.
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
