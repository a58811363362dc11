import { packAtSynth } from '../../lib/cdk/pack/pack-at-synth.ts';
import { baseConfig, cacheDir } from './app.ts';

export const digest = `sha256:${'a'.repeat(64)}`;

/** The example, packed as a container; by default compiled, so that it runs on any CPU. */
export function containerArtifact(engine: 'compiled' | 'onnxruntime' = 'compiled'): string {
  const config = { ...baseConfig, target: 'container', engine } as const;
  const packed = packAtSynth({ cwd: process.cwd(), cacheDir, config, overrides: {} });
  if (!packed.ok) {
    throw new Error(packed.problem.message);
  }
  return packed.dir;
}
