import { type FileEntry, type Manifest, type PressedManifest } from '../manifest.ts';
import { MODEL_FOLDER } from './contents.ts';
import type { NativeLayer } from './native/layer.ts';
import { onnxruntimeModuleName } from './native/onnxruntime.ts';
import type { SourcedFile } from './native/sourced-file.ts';
import type { Plan } from './plan.ts';

/** The manifest of a packed function. It holds no time and no path of this machine. */
export function makeManifest(
  plan: Plan,
  { pressed, contents, layer }: { pressed: PressedManifest; contents: SourcedFile[]; layer: NativeLayer | undefined },
): Manifest {
  const { name, target, architecture, runtime, native } = plan;
  return {
    ...pressed,
    name,
    handler: 'index.handler',
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
    assets: plan.assets.map(asset => asset.name),
    files: contents.map(toEntry).sort(byPath),
    ...(layer === undefined ? {} : { layer: { name: layer.name, files: layer.files.map(toEntry).sort(byPath) } }),
  };
}

function toEntry({ path, sizeBytes, sha256, reason }: SourcedFile): FileEntry {
  return { path, sizeBytes, sha256, reason };
}

function byPath(a: FileEntry, b: FileEntry): number {
  return a.path < b.path ? -1 : 1;
}
