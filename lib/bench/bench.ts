import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { rehearseInvocation } from '../local/rehearse.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { buildBaseline } from './baselines/build.ts';
import { conclude } from './conclude.ts';
import { sampleInterleaved } from './interleave.ts';
import { watchMachine } from './machine/machine.ts';
import { type BenchOptions, type BenchPlan, resolveBenchOptions, variantName } from './options.ts';
import { resolveRequest } from './request.ts';
import type { BenchResult } from './result.ts';
import type { Sampler } from './sample.ts';
import { openSampler } from './samplers/open.ts';
import type { SamplerOptions } from './samplers/options.ts';
import type { Warning } from './warning.ts';

/**
 * Measures cold starts of the artifacts in `dirs` side by side, each in fresh processes under its platform's own
 * runtime client.
 * @throws ColdpressError; `BENCH_FUNCTION_FAILED` if a function does not answer, in which case there is no result
 */
export async function bench(dirs: string[], options: BenchOptions): Promise<BenchResult> {
  const plan = resolveBenchOptions(dirs, options);
  const scratch = await makeTemporaryFolder({ purpose: 'bench' });
  const samplers: Sampler[] = [];
  const notes: Warning[] = [];
  try {
    const { variants, request } = await resolveVariants(plan, { scratch, notes });
    for (const variant of variants) {
      plan.signal?.throwIfAborted();
      plan.onProgress(`unpacking ${variant.name}`);
      samplers.push(await openSampler(variant));
    }
    await rehearseInvocation();
    const startedAt = new Date().toISOString();
    const machine = watchMachine();
    const measured = await sampleInterleaved(samplers, { ...plan, onRound: machine.tick });
    const { samples, discard, warm, seed, requestsPerMonth } = plan;
    return conclude({
      schemaVersion: 1,
      startedAt,
      options: { samples, discard, warm, seed, requestsPerMonth },
      disk: plan.coldDisk ? 'cold' : 'warm',
      request: { source: request.source, sizeBytes: request.payloadFor('').length },
      machine: machine.end(),
      variants: measured,
      notes,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await Promise.all(samplers.map(sampler => sampler.close()));
  }
}

/** Lists the variants: baselines first, then the artifacts, each at every memory size. */
async function resolveVariants(
  plan: BenchPlan,
  { scratch, notes }: { scratch: string; notes: Warning[] },
): Promise<{ variants: SamplerOptions[]; request: SamplerOptions['request'] }> {
  const artifacts = plan.dirs.map(dir => openArtifact(dir).manifest);
  checkTargets(artifacts);
  if (plan.event === undefined && plan.input === undefined) {
    checkSignatures(plan.dirs, artifacts);
  }
  const request = resolveRequest(plan, artifacts[0]);
  const sources: Pick<SamplerOptions, 'name' | 'kind' | 'dir'>[] = [];
  for (const name of plan.baselines) {
    plan.onProgress(`building ${name}`);
    const dir = join(scratch, name);
    notes.push(...(await buildBaseline(name, { dir, plan, artifacts })));
    sources.push({ name, kind: name, dir });
  }
  sources.push(...plan.dirs.map(dir => ({ name: dir, kind: 'artifact' as const, dir })));
  const onNote = (note: Warning) => void notes.push(note);
  const variants = sources.flatMap(source =>
    plan.memorySizes.map(({ memoryMb, limitCpu }) => ({
      ...source,
      name: variantName(source.name, memoryMb, plan.memorySizes.length),
      memoryMb,
      limitCpu,
      request,
      plan,
      onNote,
    })),
  );
  return { variants, request };
}

/** @throws ColdpressError `BENCH_TARGETS` */
function checkTargets(artifacts: readonly Manifest[]): void {
  const [first, other] = new Set(artifacts.map(({ target }) => target));
  if (other !== undefined) {
    throw new ColdpressError(
      'BENCH_TARGETS',
      `artifacts for ${first} and for ${other} cannot be measured together`,
      {
        hint: 'Their clocks begin and end differently: measure one target at a time.',
      },
    );
  }
}

/**
 * Checks that all artifacts accept the same generated request.
 * @throws ColdpressError `BENCH_REQUEST`
 */
function checkSignatures(dirs: readonly string[], artifacts: readonly Manifest[]): void {
  const signatures = artifacts.map(({ signature }) =>
    JSON.stringify(signature.inputs.map(({ name, datatype }) => [name, datatype])),
  );
  const other = signatures.findIndex(inputs => inputs !== signatures[0]);
  if (other > 0) {
    throw new ColdpressError('BENCH_REQUEST', `${dirs[0]} and ${dirs[other]} have different inputs`, {
      hint: 'Pass a request that all can answer with --event or --input, or measure each model separately.',
    });
  }
}
