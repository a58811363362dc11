import { type Artifact, openArtifact } from '../../local/artifact.ts';
import type { Manifest } from '../../manifest.ts';
import type { BenchPlan } from '../options.ts';
import type { BenchRequest } from '../request.ts';
import type { Sampler, VariantFacts } from '../sample.ts';
import type { Warning } from '../warnings.ts';
import { openLambdaSampler } from './aws-lambda.ts';

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

/** How each target's artifacts are started; a target without one is refused when the artifact is opened. */
const samplers: Partial<
  Record<Manifest['target'], (artifact: Artifact, options: SamplerOptions) => Promise<Sampler>>
> = {
  'aws-lambda': openLambdaSampler,
};

export async function openSampler(options: SamplerOptions): Promise<Sampler> {
  const artifact = await openArtifact(options.dir);
  return samplers[artifact.manifest.target]!(artifact, options);
}
