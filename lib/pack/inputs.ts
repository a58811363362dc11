import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { weightsBeside } from '../model/weights-beside.ts';
import { vendoredDir } from '../vendored.ts';
import type { Plan } from './plan.ts';

/** What esbuild's paths are relative to. */
const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Every file that decides what an artifact holds, but coldpress's own code and the config; some need not be there. */
export async function listInputs(plan: Plan, metafile: Metafile): Promise<string[]> {
  const weights = await weightsBeside(plan.modelPath);
  return [
    plan.modelPath,
    ...weights.map(file => file.path),
    // Others are modules that esbuild was handed by a plugin: `builtin:node:fs`.
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

/** What decides whether the model may be pressed. */
function signatureFiles({ signature }: Plan): string[] {
  if (signature === undefined) {
    return [];
  }
  const { path, signer } = signature;
  const trusted = signer.kind === 'identity' ? signer.trustedRoot : signer.path;
  return [path, ...(trusted === undefined ? [] : [trusted])];
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
