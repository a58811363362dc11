import { cp, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import type { Host } from '../../local/host.ts';

/** The complete onnxruntime-node package from npm, as in a user's project. */
export interface InstalledEngine {
  dir: string;
  commonDir: string;
  version: string;
}

/**
 * Finds onnxruntime-node in the user's project or in a clone of coldpress; the published package only contains its
 * native files.
 * @throws ColdpressError `BASELINE_UNAVAILABLE`
 */
export async function findEngine({ cwd }: Host, wanted: string | undefined): Promise<InstalledEngine> {
  for (const place of [join(cwd, 'package.json'), import.meta.url]) {
    try {
      const dir = dirname(createRequire(place).resolve('onnxruntime-node/package.json'));
      const common = createRequire(join(dir, 'dist')).resolve('onnxruntime-common');
      const { version } = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'));
      return { dir, commonDir: dirname(dirname(dirname(common))), version };
    } catch {
      // Not resolvable from here; try the next place.
    }
  }
  throw new ColdpressError(
    'BASELINE_UNAVAILABLE',
    'the naive function needs onnxruntime-node, which is not installed',
    {
      hint: `npm install --ignore-scripts --save-dev onnxruntime-node@${wanted ?? 'latest'}`,
    },
  );
}

/** Copies the engine into a node_modules folder, without the files of other platforms. */
export async function copyEngine(engine: InstalledEngine, nodeModules: string, host: Host): Promise<void> {
  await mkdir(nodeModules, { recursive: true });
  await cp(engine.commonDir, join(nodeModules, 'onnxruntime-common'), { recursive: true });
  const binaries = join(engine.dir, 'bin', 'napi-v6');
  const own = join(binaries, host.platform, host.arch);
  await cp(engine.dir, join(nodeModules, 'onnxruntime-node'), {
    recursive: true,
    filter: path => !path.startsWith(binaries + sep) || own.startsWith(path) || path.startsWith(own),
  });
}
