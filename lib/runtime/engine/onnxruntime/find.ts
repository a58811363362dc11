import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { NativeEngine } from '../../../contract/manifest.ts';

const bindingFile = 'onnxruntime_binding.node';
/** The library that the binding loads on Linux. */
export const libraryFile = 'libonnxruntime.so.1';

/**
 * Returns the path of the native binding: in the function's own folder, in a layer on NODE_PATH, or, for a model that
 * was pressed but not packed, in the onnxruntime-node that coldpress installs for this machine.
 * @throws Error that names the layer if it is not attached, or attached in another version
 */
export function findEngine(dir: string, { native, path }: NativeEngine): string {
  switch (native) {
    case 'inline':
      return join(dir, path, bindingFile);
    case 'layer':
      return findInLayer(path);
    case 'host':
      return findOnHost();
  }
}

function findInLayer(path: string): string {
  try {
    return createRequire(import.meta.url).resolve(`${path}/${bindingFile}`);
  } catch (cause) {
    const others = attachedLayers(path);
    const found = others.length === 0 ? 'no coldpress layer is' : `only ${others.join(', ')} is`;
    throw new Error(
      `this function needs the layer ${path}, and ${found} attached; attach the layer.zip it was packed with`,
      { cause },
    );
  }
}

function attachedLayers(path: string): string[] {
  const prefix = path.slice(0, path.indexOf('onnxruntime'));
  return (process.env.NODE_PATH ?? '').split(delimiter).flatMap(folder => {
    try {
      return readdirSync(folder).filter(name => name.startsWith(prefix));
    } catch {
      return [];
    }
  });
}

function findOnHost(): string {
  const inPackage = `bin/napi-v6/${process.platform}/${process.arch}/${bindingFile}`;
  const require = createRequire(import.meta.url);
  const candidates = [`../../../../vendored/onnxruntime-node/${inPackage}`, `onnxruntime-node/${inPackage}`];
  for (const candidate of candidates) {
    try {
      return require.resolve(candidate);
    } catch {
      // The published package contains the first candidate, a clone the second.
    }
  }
  throw new Error(`ONNX Runtime has no native library for ${process.platform} on ${process.arch}`);
}
