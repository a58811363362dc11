import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { usedParts } from '../../lib/pack/used-plugin.ts';
import { loadEsbuild } from '../../lib/vendored.ts';

const table = fileURLToPath(new URL('../../lib/runtime/engine/compiled/kernels/index.ts', import.meta.url));
/** Files that several kernels share: a function that uses one of them carries the others only if they are not pure. */
const shared = [...readFileSync(table, 'utf8').matchAll(/export \{([^}]*,[^}]*)\} from '(.*)'/g)].map(
  ([, names = '', path = '']): [string, string[]] => [path, names.match(/\w+/g) ?? []],
);

/** Besides the kernels: the class of errors and the check of sizes, which every function has, and a few numbers. */
const mostBytes = 750;

test.each(shared)('nothing of %s is bundled that is not used', async (path, names) => {
  expect(names.length).toBeGreaterThan(1);
  const { outputFiles } = await loadEsbuild().build({
    stdin: { contents: `import '${path}';`, resolveDir: dirname(table) },
    plugins: [usedParts({ engine: 'compiled', kernels: [], readers: [], foresees: false })],
    bundle: true,
    minify: true,
    write: false,
    platform: 'neutral',
  });
  expect(outputFiles[0]!.text.length, join(dirname(table), path)).toBeLessThan(mostBytes);
});
