import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { ColdpressError } from '../../errors.ts';
import { conclude } from '../conclude.ts';
import { sampleInterleaved } from '../interleave.ts';
import { type AwsEntry, openJournal } from '../journal.ts';
import { watchMachine } from '../machine/machine.ts';
import { type BenchOptions, resolveBenchOptions } from '../options.ts';
import { resolveRequest } from '../request.ts';
import type { BenchResult } from '../result.ts';
import type { VariantFacts } from '../sample.ts';
import { type AwsPlace, openFunction } from './function.ts';
import { MARK, openAwsSampler } from './sampler.ts';

export interface AwsBenchOptions extends BenchOptions, AwsPlace {
  /** Measures a function although something invokes the version that is changed. @default false */
  allowTraffic?: boolean | undefined;
}

/**
 * Measures cold starts of a deployed function: each sample changes its environment, so that Lambda starts a new instance,
 * at each memory size in turn. Memory and environment are put back at the end, whatever the end is.
 * @throws ColdpressError AWS_TAKES_TRAFFIC, BENCH_QUALIFIER, BENCH_NOT_COLD, BENCH_FUNCTION_FAILED, and of AWS's
 */
export async function benchAws(options: AwsBenchOptions): Promise<BenchResult> {
  const { functionName, region, endpointUrl, signal, host } = options;
  checkUnqualified(functionName);
  const plan = resolveBenchOptions([], {
    ...options,
    samples: options.samples ?? 10,
    discard: options.discard ?? 0,
  });
  const request = resolveRequest(
    { ...plan, event: plan.event ?? (plan.input === undefined ? '{}' : undefined) },
    undefined,
  );
  const fn = await openFunction({ functionName, region, endpointUrl, signal });
  const journal = openJournal(host.env);
  try {
    const configuration = await fn.configuration();
    const traffic = options.allowTraffic === true ? [] : await fn.traffic();
    if (traffic.length > 0) {
      throw new ColdpressError('AWS_TAKES_TRAFFIC', `${functionName} is invoked by ${traffic.join(', ')}`, {
        hint: 'Every sample restarts its instances: measure a copy, or give --allow-traffic.',
      });
    }
    const environment = { ...configuration.Environment?.Variables };
    delete environment[MARK];
    const memoryMb = configuration.MemorySize ?? 128;
    const entry: AwsEntry = {
      kind: 'aws',
      ...{ functionName, memoryMb, environment, startedAt: new Date().toISOString() },
      ...(region !== undefined && { region }),
      ...(endpointUrl !== undefined && { endpointUrl }),
    };
    await journal.write(entry);
    try {
      const sizes = options.memoryMb ?? [memoryMb];
      let marks = 0;
      const nextMark = () => `${entry.startedAt}-${marks++}`;
      const samplers = sizes.map(size =>
        openAwsSampler({
          ...{ fn, environment, nextMark, warm: plan.warm },
          facts: factsOf(configuration, sizes.length > 1 ? `${functionName} @${size}` : functionName, size),
          payload: request.payloadFor(functionName),
        }),
      );
      const machine = watchMachine();
      const variants = await sampleInterleaved(samplers, { ...plan, onRound: machine.tick });
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
      options.onProgress?.('putting memory and environment back');
      await fn.update({ memoryMb, environment });
      await journal.remove(entry);
    }
  } finally {
    fn.close();
  }
}

/** Puts back what a benchmark changed that was killed before it could. */
export async function restoreAws(entry: AwsEntry): Promise<void> {
  const fn = await openFunction(entry);
  try {
    await fn.update(entry);
  } finally {
    fn.close();
  }
}

/** Versions cannot be changed, and an alias is one of them. */
function checkUnqualified(functionName: string): void {
  const qualified = /^arn:/.test(functionName)
    ? functionName.split(':').length > 7
    : functionName.includes(':');
  if (qualified) {
    throw new ColdpressError(
      'BENCH_QUALIFIER',
      `${functionName} names a version or an alias, which cannot be changed`,
      {
        hint: 'Give the function alone: its cold starts are forced by changing it.',
      },
    );
  }
}

function factsOf(
  { Architectures, Runtime, CodeSize }: FunctionConfiguration,
  name: string,
  memoryMb: number,
): VariantFacts {
  return {
    ...{ name, memoryMb, kind: 'artifact', target: 'aws-lambda', coldDisk: null, vcpu: null },
    architecture: Architectures?.[0] === 'arm64' ? 'arm64' : 'x64',
    versions: {
      coldpress: '',
      node: Runtime?.replace(/^nodejs/, '') ?? '',
      onnxruntime: '',
      runtimeClient: 'AWS Lambda',
    },
    sizes: { diskBytes: 0, zippedBytes: CodeSize ?? 0 },
  };
}
