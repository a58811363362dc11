import type { Architecture } from '../contract/manifest.ts';
import type { LinuxSystem } from '../targets/linux-system.ts';
import { onnxruntimeClosure, onnxruntimeModuleName, onnxruntimeVersion } from './onnxruntime.ts';
import { inFolder, type SourcedFile } from './sourced-file.ts';

export interface NativeLayer {
  /** Fit for a Lambda layer: letters, digits, hyphens and underscores. */
  name: string;
  /** The module that a function asks for; Lambda puts /opt/nodejs/node_modules on NODE_PATH. */
  moduleName: string;
  /** Paths inside the layer, that is under /opt. */
  files: SourcedFile[];
}

/** The layer that holds ONNX Runtime for every function of one CPU: the same bytes whatever the model. */
export function nativeLayer(arch: Architecture, system: LinuxSystem): NativeLayer {
  const moduleName = onnxruntimeModuleName(onnxruntimeVersion(), arch);
  return {
    name: moduleName.replaceAll('.', '-'),
    moduleName,
    files: inFolder(`nodejs/node_modules/${moduleName}`, onnxruntimeClosure(arch, system)),
  };
}
