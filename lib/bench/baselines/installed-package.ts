import { cp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import type { Host } from '../../local/host.ts';

/**
 * Copies a package and its dependencies into a node_modules folder, as `npm ci` would install them there.
 * @param options.range - version range to install if the package is missing
 * @throws ColdpressError `BASELINE_UNAVAILABLE`
 */
export async function copyPackage(
  name: string,
  nodeModules: string,
  { host, range }: { host: Host; range: string },
): Promise<void> {
  const from = [join(host.cwd, 'package.json'), import.meta.url].flatMap(
    place => findPackage(name, place) ?? [],
  );
  if (from[0] === undefined) {
    throw new ColdpressError(
      'BASELINE_UNAVAILABLE',
      `the function to compare with needs ${name}, which is not installed`,
      { hint: `npm install --save-dev ${name}@${range}` },
    );
  }
  const queue = [{ name, dir: from[0] }];
  const done = new Set<string>();
  for (const { name, dir } of queue) {
    if (done.has(name)) {
      continue;
    }
    done.add(name);
    await cp(dir, join(nodeModules, name), { recursive: true });
    const { dependencies = {} } = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'));
    for (const needed of Object.keys(dependencies)) {
      const needs = findPackage(needed, join(dir, 'package.json'));
      queue.push(...(needs === undefined ? [] : [{ name: needed, dir: needs }]));
    }
  }
}

/** Finds a package's folder regardless of its exports. */
function findPackage(name: string, from: string): string | undefined {
  const require = createRequire(from);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return dirname(require.resolve(join(folder, name, 'package.json')));
    } catch {
      // Not in this folder; try the next one.
    }
  }
  return undefined;
}
