import { type Artifact, openArtifact } from '../../artifact.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { BenchPlan } from '../options.ts';
import type { BenchRequest } from '../request.ts';
import type { Sampler, VariantFacts } from '../sample.ts';
import type { Warning } from '../warnings.ts';
import { openLambdaSampler } from './aws-lambda.ts';
import { openGcfSampler } from './gcf.ts';

export interface SamplerOptions {
  /** Holds an artifact. */
  dir: string;
  kind: VariantFacts['kind'];
  name: string;
  memoryMb: number;
  limitCpu: boolean;
  request: BenchRequest;
  plan: BenchPlan;
  onNote(note: Warning): void;
}

/** How each target's artifacts are started. */
const samplers: Record<
  Manifest['target'],
  (artifact: Artifact, options: SamplerOptions) => Promise<Sampler>
> = {
  'aws-lambda': openLambdaSampler,
  gcf: openGcfSampler,
};

export async function openSampler(options: SamplerOptions): Promise<Sampler> {
  const artifact = openArtifact(options.dir);
  return samplers[artifact.manifest.target](artifact, options);
}
