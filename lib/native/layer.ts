import type { Architecture } from '../contract/manifest.ts';
import type { LinuxSystem } from '../targets/linux-system.ts';
import { onnxruntimeClosure, onnxruntimeModuleName, onnxruntimeVersion } from './onnxruntime.ts';
import { inFolder, type SourcedFile } from './sourced-file.ts';

export interface NativeLayer {
  /** Valid as the name of a Lambda layer: letters, digits, hyphens and underscores. */
  name: string;
  /** The module that a function imports; Lambda adds /opt/nodejs/node_modules to NODE_PATH. */
  moduleName: string;
  /** Paths inside the layer, which Lambda mounts at /opt. */
  files: SourcedFile[];
}

/** Returns the layer with ONNX Runtime for all functions of one CPU architecture, whatever their models. */
export function nativeLayer(arch: Architecture, system: LinuxSystem): NativeLayer {
  const moduleName = onnxruntimeModuleName(onnxruntimeVersion(), arch);
  return {
    name: moduleName.replaceAll('.', '-'),
    moduleName,
    files: inFolder(`nodejs/node_modules/${moduleName}`, onnxruntimeClosure(arch, system)),
  };
}
