import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Architecture } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import type { LinuxSystem } from '../targets/linux-system.ts';
import { vendoredDir } from '../vendored.ts';
import { nativeClosure } from './closure.ts';
import { checkShipped, shippedNames, shippedOrigin } from './shipped.ts';
import { type SourcedFile, sourcedFile } from './sourced-file.ts';

export interface OnnxruntimeFiles {
  version: string;
  /** The folder with the binding and the libraries that it loads. */
  dir: string;
  /** File names in `dir`. */
  files: string[];
}

export const BINDING_FILE = 'onnxruntime_binding.node';
const LICENSES = fileURLToPath(new URL('./licenses/onnxruntime', import.meta.url));
const OS_NAMES: Record<string, string> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' };
const CPU_NAMES: Record<string, string> = { x64: 'x64', arm64: 'arm64' };

/** The version of ONNX Runtime that coldpress packs and runs. */
export function onnxruntimeVersion(): string {
  return JSON.parse(readFileSync(join(vendoredDir('onnxruntime-node'), 'package.json'), 'utf8')).version;
}

/** Finds ONNX Runtime's files for an operating system and CPU, in Node's spelling. Throws NATIVE_UNAVAILABLE. */
export function locateOnnxruntime(os: string, arch: string): OnnxruntimeFiles {
  const version = onnxruntimeVersion();
  const dir = join(vendoredDir('onnxruntime-node'), 'bin', 'napi-v6', os, arch);
  if (existsSync(join(dir, BINDING_FILE))) {
    return { version, dir, files: shippedNames(os, arch) };
  }
  const machine =
    os === 'darwin' && arch === 'x64'
      ? 'macOS on Intel'
      : `${OS_NAMES[os] ?? os} on ${CPU_NAMES[arch] ?? arch}`;
  throw new ColdpressError('NATIVE_UNAVAILABLE', `ONNX Runtime ${version} has no build for ${machine}`, {
    hint: 'Run the command on Linux or Windows (x64 or arm64) or on a Mac with Apple silicon.',
  });
}

/** Returns ONNX Runtime's folder in a layer's node_modules. The version in it prevents loading the wrong layer. */
export function onnxruntimeModuleName(version: string, arch: Architecture): string {
  return `coldpress-onnxruntime-${version}-${arch}`;
}

/**
 * Returns the files of ONNX Runtime that a function needs, including licences; paths are relative to their folder.
 * @throws ColdpressError NATIVE_CHANGED, and those of `nativeClosure`
 */
export function onnxruntimeClosure(arch: Architecture, system: LinuxSystem): SourcedFile[] {
  const { version, dir } = locateOnnxruntime('linux', arch);
  const native = nativeClosure(join(dir, BINDING_FILE), {
    arch,
    system,
    reason: `ONNX Runtime ${version} for Node on linux-${arch}`,
  });
  const files = native.map(file => {
    const origin = shippedOrigin('linux', arch, file.path);
    checkShipped(file.source, origin.file, file.sha256);
    return { ...file, origin };
  });
  const licenses = readdirSync(LICENSES).map(name =>
    sourcedFile(join(LICENSES, name), {
      path: name,
      reason: `licences of ONNX Runtime ${version} and what it contains`,
    }),
  );
  return [...files, ...licenses];
}
