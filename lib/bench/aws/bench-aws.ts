import { isDeepStrictEqual } from 'node:util';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { ColdpressError } from '../../errors.ts';
import { conclude } from '../conclude.ts';
import { sampleInterleaved } from '../interleave.ts';
import { type AwsEntry, type Journal, openJournal } from '../journal.ts';
import { watchMachine } from '../machine/machine.ts';
import { type BenchOptions, resolveBenchOptions, variantName } from '../options.ts';
import { resolveRequest } from '../request.ts';
import type { BenchResult } from '../result.ts';
import type { VariantFacts } from '../sample.ts';
import { type AwsPlace, type DeployedFunction, openFunction } from './function.ts';
import { MARK, openAwsSampler } from './sampler.ts';

export interface AwsBenchOptions extends BenchOptions, Omit<AwsPlace, 'functionName'> {
  /** Functions to compare: of another architecture, or with another artifact. */
  functionNames: string[];
  /** Measures functions even if something invokes the version that is changed. @default false */
  allowTraffic?: boolean | undefined;
}

/** The state of a function before it is measured. */
interface Prepared {
  fn: DeployedFunction;
  configuration: FunctionConfiguration;
  region: string;
  entry: AwsEntry;
}

/**
 * Measures cold starts of deployed functions. Each sample changes a function's environment, so that Lambda starts a new
 * instance, at each memory size in turn. Memory and environment are restored at the end, even after an error.
 * @throws ColdpressError AWS_TAKES_TRAFFIC, BENCH_QUALIFIER, BENCH_NOT_COLD, BENCH_FUNCTION_FAILED, and errors of AWS
 */
export async function benchAws(options: AwsBenchOptions): Promise<BenchResult> {
  const { functionNames, host } = options;
  functionNames.forEach(checkUnqualified);
  const plan = resolveBenchOptions([], {
    ...options,
    samples: options.samples ?? 10,
    discard: options.discard ?? 0,
  });
  const request = resolveRequest(
    { ...plan, event: plan.event ?? (plan.input === undefined ? '{}' : undefined) },
    undefined,
  );
  const startedAt = new Date().toISOString();
  const journal = openJournal(host.env);
  const prepared: Prepared[] = [];
  try {
    for (const functionName of new Set(functionNames)) {
      prepared.push(await prepare(functionName, startedAt, options));
    }
    await note(prepared, journal);
    try {
      let marks = 0;
      const nextMark = () => `${startedAt}-${marks++}`;
      const samplers = prepared.flatMap(({ fn, configuration, region, entry }) => {
        const { functionName, memoryMb, environment } = entry;
        const sizes = [...new Set(options.memoryMb ?? [memoryMb])];
        return sizes.map(size => {
          const name = variantName(functionName, size, sizes.length);
          return openAwsSampler({
            fn,
            environment,
            nextMark,
            warm: plan.warm,
            facts: { ...factsOf(configuration, name, size), region },
            payload: request.payloadFor(functionName),
          });
        });
      });
      const machine = watchMachine();
      const variants = await sampleInterleaved(samplers, { ...plan, onRound: machine.tick });
      const { samples, discard, warm, seed, requestsPerMonth } = plan;
      return conclude({
        schemaVersion: 1,
        startedAt,
        disk: 'warm',
        variants,
        notes: [],
        options: { samples, discard, warm, seed, requestsPerMonth },
        request: { source: request.source, sizeBytes: request.payloadFor('').length },
        machine: machine.end(),
      });
    } finally {
      options.onProgress?.('putting memory and environment back');
      await restoreAll(prepared, journal);
    }
  } finally {
    for (const { fn } of prepared) {
      fn.close();
    }
  }
}

/** Reads the function's state and changes nothing. */
async function prepare(functionName: string, startedAt: string, options: AwsBenchOptions): Promise<Prepared> {
  const { region, endpointUrl, signal, allowTraffic } = options;
  const fn = await openFunction({ functionName, region, endpointUrl, signal });
  try {
    const configuration = await fn.configuration();
    const traffic = allowTraffic === true ? [] : await fn.traffic();
    if (traffic.length > 0) {
      throw new ColdpressError('AWS_TAKES_TRAFFIC', `${functionName} is invoked by ${traffic.join(', ')}`, {
        hint: 'Every sample restarts its instances: measure a copy, or add --allow-traffic.',
      });
    }
    const ownRegion = await fn.region();
    const { [MARK]: _, ...environment } = configuration.Environment?.Variables ?? {};
    const entry: AwsEntry = {
      kind: 'aws',
      functionName,
      startedAt,
      environment,
      pid: process.pid,
      memoryMb: configuration.MemorySize ?? 128,
      ...(options.memoryMb && { sizesMb: options.memoryMb }),
      // The ARN finds the function whatever profile and region are set when it is restored.
      ...(configuration.FunctionArn !== undefined && { arn: configuration.FunctionArn }),
      region: ownRegion,
      ...(endpointUrl !== undefined && { endpointUrl }),
    };
    return { fn, configuration, region: ownRegion, entry };
  } catch (error) {
    fn.close();
    throw error;
  }
}

/** Writes all entries or none: nothing has been changed yet that would have to be restored. */
async function note(prepared: Prepared[], journal: Journal): Promise<void> {
  const written: AwsEntry[] = [];
  try {
    for (const { entry } of prepared) {
      await journal.write(entry);
      written.push(entry);
    }
  } catch (error) {
    await Promise.all(written.map(journal.remove));
    throw error;
  }
}

/** Restores all functions even if one fails, which then stays in the journal. */
async function restoreAll(prepared: Prepared[], journal: Journal): Promise<void> {
  const ends = await Promise.allSettled(
    prepared.map(async ({ fn, entry }) => {
      await restoreOne(fn, entry).catch(async error => {
        if (error.code === 'BENCH_CHANGED') {
          await journal.remove(entry);
        }
        throw error;
      });
      await journal.remove(entry);
    }),
  );
  const failed = ends.find(end => end.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
}

/**
 * Restores a function that is as the benchmark left it.
 * @throws ColdpressError BENCH_CHANGED if somebody else has changed it since; that change is kept
 */
async function restoreOne(fn: DeployedFunction, entry: AwsEntry): Promise<void> {
  const { functionName, memoryMb, environment, sizesMb = [] } = entry;
  const { MemorySize, Environment } = await fn.configuration();
  const { [MARK]: mark, ...now } = Environment?.Variables ?? {};
  const isSame = isDeepStrictEqual(now, environment);
  if (mark === undefined && isSame && MemorySize === memoryMb) {
    return;
  }
  if (
    mark === undefined ||
    !isSame ||
    (entry.sizesMb && ![memoryMb, ...sizesMb].includes(MemorySize ?? 128))
  ) {
    const names = Object.keys(environment).join(', ') || 'none';
    throw new ColdpressError(
      'BENCH_CHANGED',
      `${functionName} was changed by another process during the benchmark, so it was not restored`,
      {
        hint:
          `the benchmark would have restored ${memoryMb} MB and the variables ${names}; ` +
          `it has ${MemorySize} MB now${mark === undefined ? '' : `; remove the variable ${MARK}`}`,
      },
    );
  }
  await fn.update(entry);
}

/** Restores what an interrupted benchmark changed. */
export async function restoreAws(entry: AwsEntry): Promise<void> {
  const fn = await openFunction({ ...entry, functionName: entry.arn ?? entry.functionName });
  try {
    await restoreOne(fn, entry);
  } finally {
    fn.close();
  }
}

/** Rejects versions, which cannot be changed, and aliases, which point to versions. */
function checkUnqualified(functionName: string): void {
  const qualified = /^arn:/.test(functionName)
    ? functionName.split(':').length > 7
    : functionName.includes(':');
  if (qualified) {
    throw new ColdpressError(
      'BENCH_QUALIFIER',
      `${functionName} names a version or an alias, which cannot be changed`,
      {
        hint: 'Pass the name of the function only: its cold starts are forced by changing it.',
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
    name,
    memoryMb,
    kind: 'artifact',
    target: 'aws-lambda',
    coldDisk: null,
    vcpu: null,
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
