import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import type { Host } from '../../local/host.ts';

const framework = '@google-cloud/functions-framework';

/**
 * Copies the functions framework and all that it needs into a node_modules folder, as `npm ci` would install it there.
 * @throws ColdpressError `BASELINE_UNAVAILABLE`
 */
export async function copyFramework({ cwd }: Host, nodeModules: string): Promise<void> {
  const from = [join(cwd, 'package.json'), import.meta.url].flatMap(
    place => findPackage(framework, place) ?? [],
  );
  if (from[0] === undefined) {
    throw new ColdpressError(
      'BASELINE_UNAVAILABLE',
      `a function on Google needs ${framework}, which is not installed`,
      {
        hint: `npm install --save-dev ${framework}@5`,
      },
    );
  }
  const queue = [{ name: framework, dir: from[0] }];
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
  await mkdir(join(nodeModules, '.bin'), { recursive: true });
  await symlink(`../${framework}/build/src/main.js`, join(nodeModules, '.bin/functions-framework'));
}

/** A package's folder, whatever it exports. */
function findPackage(name: string, from: string): string | undefined {
  const require = createRequire(from);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return dirname(require.resolve(join(folder, name, 'package.json')));
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}
