import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CountingChunk, chunkName } from '../contract/chunks.ts';
import { loadEsbuild } from '../vendored.ts';
import { builtins } from './builtins-plugin.ts';
import type { Plan } from './plan.ts';

const chunk: CountingChunk = 'counting/run-counter';
const entry = fileURLToPath(new URL(`../runtime/${chunk}${extname(import.meta.url)}`, import.meta.url));

/** Bundles the code that counts by a profile into a CommonJS file of its own; see `loadChunkNow`. */
export async function bundleCountingChunk({ runtime }: Pick<Plan, 'runtime'>) {
  const { build } = loadEsbuild();
  const { outputFiles } = await build({
    entryPoints: [entry],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${runtime.nodeMajor}`,
    minify: true,
    plugins: [builtins()],
  });
  return { path: `${chunkName(chunk)}.cjs`, code: outputFiles[0]!.contents };
}
