import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { locateOnnxruntime, type OnnxruntimeFiles } from '../native/onnxruntime.ts';
import { checkInstalled } from '../native/shipped.ts';
import type { Host } from './host.ts';

/** The native files that the function uses: the artifact's own, or this machine's build of the same version. */
export type Engine =
  | { kind: 'artifact' }
  | {
      kind: 'host';
      /** The folder that contains `files`. */
      nativeDir: string;
      files: string[];
      /** One line for users: why, and what that means for the timings. */
      note: string;
    };

/**
 * Chooses the engine for an artifact. The artifact's own native files are always for Linux.
 * @param locate - finds ONNX Runtime's native files for an operating system and CPU
 * @throws ColdpressError `HOST_ENGINE_VERSION`, `NATIVE_CHANGED`, or that of `locate` if ONNX Runtime has no build for
 * the host
 */
export function resolveHostEngine(
  manifest: Manifest,
  host: Pick<Host, 'platform' | 'arch'>,
  locate: (os: string, arch: string) => OnnxruntimeFiles = locateOnnxruntime,
): Engine {
  const { architecture } = manifest;
  if (architecture === 'any' || (host.platform === 'linux' && host.arch === architecture)) {
    return { kind: 'artifact' };
  }
  const { version, dir, files } = locate(host.platform, host.arch);
  const wanted = manifest.versions.onnxruntime;
  if (version !== wanted) {
    throw new ColdpressError(
      'HOST_ENGINE_VERSION',
      `the function was packed with ONNX Runtime ${wanted}; for this machine coldpress has ${version}`,
      { hint: 'Pack it again with this version of coldpress.' },
    );
  }
  checkInstalled(host.platform, host.arch);
  const note =
    `the artifact is for linux-${architecture}: this machine runs the same bundle and model on its own ` +
    `ONNX Runtime ${version} (${host.platform}-${host.arch}), so timings are the host engine's`;
  return { kind: 'host', nativeDir: dir, files, note };
}
