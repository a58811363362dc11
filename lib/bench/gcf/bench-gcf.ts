import { type Place, type ResolvedPlace, resolvePlace } from '../../gcp/place.ts';
import { conclude } from '../conclude.ts';
import { sampleInterleaved } from '../interleave.ts';
import { type GcfEntry, openJournal } from '../journal.ts';
import { watchMachine } from '../machine/machine.ts';
import { type BenchOptions, resolveBenchOptions } from '../options.ts';
import { resolveRequest } from '../request.ts';
import type { BenchResult } from '../result.ts';
import { httpRequestOf } from '../samplers/http-request.ts';
import { openRevisionSampler } from './sampler.ts';
import { openService, type Target } from './service.ts';

export interface GcfBenchOptions extends BenchOptions, Omit<Place, 'name'> {
  /** Name of the function or of its service. */
  functionName: string;
}

/**
 * Measures cold starts of a function on Google. Each sample creates a tagged revision without traffic and sends it its
 * first request. The tag and the variable are removed and the traffic is restored at the end, even after an error.
 * @throws ColdpressError BENCH_FUNCTION_FAILED, OPTION_MISSING, and errors of Google
 */
export async function benchGcf(options: GcfBenchOptions): Promise<BenchResult> {
  const { functionName, host } = options;
  const place = resolvePlace({ ...options, name: functionName }, functionName);
  const plan = resolveBenchOptions([], {
    ...options,
    samples: options.samples ?? 5,
    discard: options.discard ?? 0,
  });
  const { event, input = event === undefined ? '{"inputs":[]}' : undefined } = plan;
  const request = resolveRequest({ ...plan, input }, undefined);
  const service = await openService(place);
  const journal = openJournal(host.env);
  try {
    const entry = entryOf(place, await service.traffic());
    await journal.write(entry);
    try {
      const sampler = openRevisionSampler({
        region: place.region,
        service,
        name: functionName,
        warm: plan.warm,
        startedAt: entry.startedAt,
        signal: plan.signal,
        request: httpRequestOf(request.payloadFor(functionName).toString()),
      });
      const machine = watchMachine();
      const variants = await sampleInterleaved([sampler], { ...plan, onRound: machine.tick });
      const { samples, discard, warm, seed, requestsPerMonth } = plan;
      return conclude({
        schemaVersion: 1,
        startedAt: entry.startedAt,
        options: { samples, discard, warm, seed, requestsPerMonth },
        disk: 'warm',
        request: { source: request.source, sizeBytes: request.payloadFor('').length },
        machine: machine.end(),
        variants,
        notes: [],
      });
    } finally {
      options.onProgress?.('putting the traffic back');
      await service.restore(entry.traffic);
      await journal.remove(entry);
    }
  } finally {
    await service.close();
  }
}

/** Restores what an interrupted benchmark changed. */
export async function restoreGcf({
  functionName,
  project,
  region,
  endpointUrl,
  traffic,
}: GcfEntry): Promise<void> {
  const service = await openService(
    resolvePlace({ project, region, name: functionName, endpointUrl }, functionName),
  );
  try {
    await service.restore(traffic);
  } finally {
    await service.close();
  }
}

function entryOf({ project, region, name, endpoint }: ResolvedPlace, traffic: Target[]): GcfEntry {
  return {
    kind: 'gcf',
    functionName: name,
    project,
    region,
    traffic,
    ...(endpoint !== undefined && { endpointUrl: endpoint.href }),
    startedAt: new Date().toISOString(),
    pid: process.pid,
  };
}
