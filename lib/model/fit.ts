import type { Architecture, Manifest } from '../contract/manifest.ts';
import { targets } from '../targets/index.ts';

/** Why something cannot be packed, and how to fix it. */
export interface Obstacle {
  code: string;
  message: string;
  hint: string;
}

/** Whether a model fits one target on one CPU architecture. */
export interface TargetFit {
  target: string;
  architecture: Architecture;
  packable: boolean;
  reasons: Obstacle[];
}

/** Approximate size of ONNX Runtime 1.30's native files; packing measures the real ones. */
const ENGINE_BYTES: Record<Architecture, number> = { arm64: 26_100_000, x64: 46_800_000 };

/**
 * Compares the size of a model with external data and engine to each target's limit. A compiled function has no native
 * files.
 */
export function fitTargets(
  modelBytes: number,
  obstacles: Obstacle[],
  engine: Manifest['engine']['name'] = 'onnxruntime',
): TargetFit[] {
  const isNative = engine === 'onnxruntime';
  return targets.flatMap(target =>
    target.architectures.map(architecture => {
      const limitBytes = target.unzippedLimitBytes ?? Infinity;
      const roomBytes = limitBytes - (isNative ? ENGINE_BYTES[architecture] : 0);
      const tooLarge: Obstacle = {
        code: 'OVER_BUDGET',
        message: `the model has ${modelBytes.toLocaleString('en')} bytes; ${target.title} leaves about ${roomBytes.toLocaleString('en')} bytes${isNative ? ' next to ONNX Runtime' : ''}`,
        hint: 'quantise it (onnxruntime.quantization.quantize_dynamic makes it a quarter), or use a container image',
      };
      const reasons = modelBytes > roomBytes ? [...obstacles, tooLarge] : obstacles;
      return { target: target.name, architecture, packable: reasons.length === 0, reasons };
    }),
  );
}
