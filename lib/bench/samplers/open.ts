import { type Artifact, openArtifact } from '../../artifact.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { Sampler } from '../sample.ts';
import { openLambdaSampler } from './aws-lambda.ts';
import type { SamplerOptions } from './options.ts';
import { openServerSampler } from './server.ts';

/** The samplers of each target. */
const samplers: Record<
  Manifest['target'],
  (artifact: Artifact, options: SamplerOptions) => Promise<Sampler>
> = {
  'aws-lambda': openLambdaSampler,
  gcf: openServerSampler,
  container: openServerSampler,
};

export async function openSampler(options: SamplerOptions): Promise<Sampler> {
  const artifact = openArtifact(options.dir);
  return samplers[artifact.manifest.target](artifact, options);
}
