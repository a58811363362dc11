import { existsSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BUNDLE_FILE, MODEL_FOLDER } from '../contract/files.ts';
import { PROFILE_FILE, type Profile } from '../contract/profile.ts';
import { ColdpressError } from '../errors.ts';
import { missingHint } from '../missing-file.ts';
import { formatProfile } from '../model/profile/profile-file.ts';
import { readPackage } from '../native/installed-package.ts';
import { nativePackagePlan } from '../native/native-packages.ts';
import { onnxruntimeClosure, onnxruntimeModuleName, onnxruntimeVersion } from '../native/onnxruntime.ts';
import { inFolder, type SourcedFile, sourcedFile } from '../native/sourced-file.ts';
import type { Bundle } from './bundle.ts';
import { bundleCountingChunk } from './counting-chunk.ts';
import { buildpackFiles } from './gcf/source.ts';
import { collectNotices } from './notices.ts';
import type { Plan } from './plan.ts';
import type { PressedModel } from './press.ts';

/** Path, contents, and the reason why the file is included. */
type MadeFile = [path: string, contents: string | Uint8Array, reason: string];

/**
 * Every file of the function except its manifest, each with the reason why it is included.
 * @param scratch - a folder for generated files
 * @throws ColdpressError ASSET_MISSING
 */
export async function functionContents(
  plan: Plan,
  {
    pressed,
    profile,
    bundle,
    scratch,
  }: { pressed: PressedModel; profile: Profile | undefined; bundle: Bundle; scratch: string },
): Promise<SourcedFile[]> {
  if (plan.target.build !== 'none' && bundle.nativeDirs.length > 0) {
    throw unplaceable(plan, bundle);
  }
  const made = async (...[path, contents, reason]: MadeFile) => {
    await mkdir(dirname(join(scratch, path)), { recursive: true });
    await writeFile(join(scratch, path), contents);
    return sourcedFile(join(scratch, path), { path, reason });
  };
  const extras = plan.target.build === 'none' ? [] : await buildpackFiles(plan, BUNDLE_FILE);
  return [
    await made(BUNDLE_FILE, bundle.code, 'handler, runtime and score, bundled by esbuild'),
    ...(await Promise.all(
      bundle.chunks.map(({ path, code }) => made(path, code, 'part of the runtime, loaded when first used')),
    )),
    await made('THIRD-PARTY-NOTICES.txt', collectNotices(bundle.metafile), 'licences of what is bundled'),
    ...inFolder(MODEL_FOLDER, pressed.files),
    ...(profile === undefined
      ? []
      : await Promise.all((await driftFiles(plan, profile)).map(file => made(...file)))),
    ...plan.assets.map(asset => readAsset(asset)),
    ...nativePackagePlan(bundle.nativeDirs, { arch: plan.architecture, system: plan.runtime.system }).files,
    ...(pressed.manifest.engine.name === 'onnxruntime' ? nativeFiles(plan) : []),
    ...(await Promise.all(extras.map(file => made(...file)))),
  ];
}

async function driftFiles(plan: Plan, profile: Profile): Promise<MadeFile[]> {
  const { path, code } = await bundleCountingChunk(plan);
  return [
    [PROFILE_FILE, formatProfile(profile), 'the profile that drift is counted by'],
    [path, code, 'counts by the profile, loaded after the first answer'],
  ];
}

/** The buildpack removes node_modules. Installing there would run install scripts and select other versions. */
function unplaceable({ target }: Plan, { nativeDirs, located = [] }: Bundle): ColdpressError {
  const names = nativeDirs.map(dir => {
    const name = readPackage(dir)?.name ?? dir;
    const reader = located.find(({ packageDir }) => packageDir === dir);
    return reader === undefined
      ? `${name} with native files`
      : `${name}, where ${reader.path} reads files next to it`;
  });
  return new ColdpressError(
    'NATIVE_PACKAGE_TARGET',
    `the score imports ${names.join('; ')}: ${target.title} would not keep them`,
    { hint: 'import a package without such files, or pack for aws-lambda' },
  );
}

function readAsset({ name, path }: Plan['assets'][number]): SourcedFile {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new ColdpressError('ASSET_MISSING', `asset "${name}" is not a file: ${path}`, {
      hint: missingHint(path, '"assets" in the config names files relative to the config'),
    });
  }
  return sourcedFile(path, { path: `assets/${name}`, reason: 'asset named in the config' });
}

/** With a layer, the native files are in the layer; see `nativeLayer`. */
function nativeFiles({ native, architecture, runtime }: Plan): SourcedFile[] {
  if (native === 'layer') {
    return [];
  }
  const folder = onnxruntimeModuleName(onnxruntimeVersion(), architecture);
  return inFolder(folder, onnxruntimeClosure(architecture, runtime.system));
}
