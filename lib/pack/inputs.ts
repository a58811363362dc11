import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { findWeightFiles } from '../model/weight-files.ts';
import { vendoredDir } from '../vendored.ts';
import type { Plan } from './plan.ts';

/** esbuild's paths are relative to this folder. */
const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/** All files that determine an artifact, except coldpress's code and the config. Some need not exist. */
export async function listInputs(plan: Plan, metafile: Metafile): Promise<string[]> {
  const weights = await findWeightFiles(plan.modelPath);
  return [
    plan.modelPath,
    ...weights.map(file => file.path),
    // Other inputs are modules that a plugin passed to esbuild, such as `builtin:node:fs`.
    ...Object.keys(metafile.inputs).flatMap(path =>
      /^[\w-]{2,}:/.test(path) ? [] : resolve(packageRoot, path),
    ),
    ...packageFiles(plan),
    ...signatureFiles(plan),
    ...(plan.samples === undefined ? [] : [plan.samples.path]),
    ...(plan.profilePath === undefined ? [] : [plan.profilePath]),
    ...plan.assets.map(asset => asset.path),
    plan.lockPath,
    join(vendoredDir('onnxruntime-node'), 'package.json'),
  ];
}

/** The files that decide whether the model may be pressed. */
function signatureFiles({ signature }: Plan): string[] {
  if (signature === undefined) {
    return [];
  }
  const { path, signer } = signature;
  const trusted = signer.kind === 'identity' ? signer.trustedRoot : signer.path;
  return [path, ...(trusted === undefined ? [] : [trusted])];
}

/** The files that determine how a score's imports are resolved. */
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
