import type { Manifest, PressedManifest } from '../contract/manifest.ts';
import { onnxruntimeModuleName } from '../native/onnxruntime.ts';
import type { SourcedFile } from '../native/sourced-file.ts';
import { toEntries } from './artifact.ts';
import { MODEL_FOLDER } from './contents.ts';
import type { PackedLayer } from './layer.ts';
import type { Plan } from './plan.ts';

/** The manifest of a packed function. It holds no time and no path of this machine. */
export function makeManifest(
  plan: Plan,
  {
    pressed,
    contents,
    layer,
  }: { pressed: PressedManifest; contents: SourcedFile[]; layer: PackedLayer | undefined },
): Manifest {
  const { name, target, architecture, runtime, native } = plan;
  return {
    ...pressed,
    name,
    handler: target.handler,
    target: target.name,
    architecture,
    runtime: runtime.id,
    versions: { ...pressed.versions, node: String(runtime.nodeMajor) },
    engine: {
      name: 'onnxruntime',
      native,
      path: onnxruntimeModuleName(pressed.versions.onnxruntime, architecture),
    },
    model: { ...pressed.model, path: `${MODEL_FOLDER}/${pressed.model.path}` },
    ...plan.settings,
    assets: plan.assets.map(asset => asset.name),
    files: toEntries(contents),
    ...(layer === undefined ? {} : { layer: layer.describe }),
  };
}
