import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveExternalData } from '../../model/external-data.ts';
import { readModel } from '../../model/read.ts';
import { bundleFunction } from '../../pack/bundle.ts';
import type { Plan } from '../../pack/plan.ts';
import { vendoredDir } from '../../vendored.ts';
import type { Stamps } from './request.ts';
import { changedAtMs, stamp } from './stamp.ts';

/** What esbuild's paths are relative to. */
const packageRoot = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Stamps of all that the packing read; `undefined` when one of them changed while it ran, so that nobody can tell
 * which of its states went in.
 */
export async function stampInputs(
  plan: Plan,
  { modules, startedMs }: { modules: Set<string>; startedMs: number },
): Promise<Stamps | undefined> {
  const { metafile } = await bundleFunction(plan);
  const weights = await resolveExternalData(await readModel(plan.modelPath));
  const files = [
    ...modules,
    // Others are modules that esbuild was handed by a plugin: `builtin:node:fs`.
    ...Object.keys(metafile.inputs).flatMap(path =>
      /^[\w-]{2,}:/.test(path) ? [] : resolve(packageRoot, path),
    ),
    plan.modelPath,
    ...weights.map(file => file.path),
    ...(plan.samples === undefined ? [] : [plan.samples.path]),
    ...plan.assets.map(asset => asset.path),
    join(vendoredDir('onnxruntime-node'), 'package.json'),
    ...packageFiles(plan),
  ];
  const unique = [...new Set(files)];
  return unique.some(file => changedAtMs(file) >= startedMs)
    ? undefined
    : Object.fromEntries(unique.map(file => [file, stamp(file)]));
}

/** What says how a score's imports are found. */
function packageFiles({ scorePath }: Plan): string[] {
  const dirs: string[] = [];
  for (
    let dir = scorePath && dirname(scorePath);
    dir !== undefined && dirs.at(-1) !== dir;
    dir = dirname(dir)
  ) {
    dirs.push(dir);
  }
  return dirs.flatMap(dir => [join(dir, 'package.json'), join(dir, 'tsconfig.json')]);
}
