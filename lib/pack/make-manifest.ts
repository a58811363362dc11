import { MODEL_FOLDER } from '../contract/files.ts';
import type { Manifest, NativeEngine, PressedManifest } from '../contract/manifest.ts';
import type { Profile } from '../contract/profile.ts';
import { onnxruntimeModuleName } from '../native/onnxruntime.ts';
import type { SourcedFile } from '../native/sourced-file.ts';
import { awsLambdaImage } from '../targets/aws-lambda/image.ts';
import { toEntries } from './artifact.ts';
import type { Bundle } from './bundle.ts';
import type { PackedLayer } from './layer.ts';
import type { Plan } from './plan.ts';

/** The manifest of a packed function. It contains no time and no path of this machine. */
export function makeManifest(
  plan: Plan,
  {
    pressed,
    profile,
    bundle,
    contents,
    layer,
  }: {
    pressed: PressedManifest;
    profile: Profile | undefined;
    bundle: Bundle;
    contents: SourcedFile[];
    layer: PackedLayer | undefined;
  },
): Manifest {
  const { name, target, runtime } = plan;
  const isNative = pressed.engine.name === 'onnxruntime';
  return {
    ...pressed,
    name,
    handler: target.handler,
    target: target.name,
    ...(target === awsLambdaImage && { package: 'image' as const }),
    architecture: isNative || bundle.nativeDirs.length > 0 ? plan.architecture : 'any',
    runtime: runtime.id,
    versions: { ...pressed.versions, node: String(runtime.nodeMajor) },
    engine: isNative ? nativeEngine(plan, pressed) : pressed.engine,
    model: { ...pressed.model, path: `${MODEL_FOLDER}/${pressed.model.path}` },
    ...plan.settings,
    ...(profile && { profile: { id: profile.id } }),
    assets: plan.assets.map(asset => asset.name),
    files: toEntries(contents),
    ...(layer === undefined ? {} : { layer: layer.describe }),
  };
}

function nativeEngine({ native, architecture }: Plan, { versions }: PressedManifest): NativeEngine {
  return { name: 'onnxruntime', native, path: onnxruntimeModuleName(versions.onnxruntime, architecture) };
}
