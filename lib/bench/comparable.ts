import { ColdpressError } from '../errors.ts';
import type { BenchData } from './result.ts';
import type { Variant } from './sample.ts';
import type { Warning } from './warning.ts';

/**
 * Compares what is known before anything is measured: the disk mode, and the names of the variants.
 * @throws ColdpressError `BENCH_NOT_COMPARABLE`
 */
export function checkComparable(
  { disk, names }: Pick<BenchData, 'disk'> & { names: readonly string[] },
  base: BenchData,
): void {
  const refuse = (message: string, hint: string): never => {
    throw new ColdpressError('BENCH_NOT_COMPARABLE', message, { hint });
  };
  if (disk !== base.disk) {
    refuse(
      `this run has a ${disk} disk, the one before had a ${base.disk} one`,
      'Use --cold-disk in both or in neither.',
    );
  }
  const known = artifactsOf(base).map(({ name }) => name);
  if (!names.some(name => known.includes(name))) {
    refuse(
      `no artifact is in both runs: the one before had ${known.join(', ') || 'none'}`,
      'Artifacts are compared by folder and memory size; pass the same ones.',
    );
  }
}

/** Lists differences other than the function that may explain a change. */
export function findDifferences(now: BenchData, base: BenchData): Warning[] {
  const [current, before] = [now.request, base.request];
  const otherRequest = current.source !== before.source || current.sizeBytes !== before.sizeBytes;
  return [
    ...(isSameCpu(now, base) ? [] : [otherMachine(base)]),
    ...(otherRequest
      ? [
          {
            code: 'other-request',
            message: `the earlier run sent another request (${before.source}, ${before.sizeBytes} bytes)`,
            hint: 'use the same --event or --input in both runs',
          },
        ]
      : []),
    ...otherRuntime(now, base),
    ...artifactsOf(now).flatMap(({ name, memoryMb, vcpu, region }): Warning[] => {
      const was = base.variants.find(variant => variant.name === name);
      if (was === undefined) {
        const message = 'it is not in the run before, and was compared with nothing';
        return [{ code: 'not-compared', variant: name, message, hint: 'measure it in both runs' }];
      }
      // Without a CPU share on this machine, the memory size only reflects the number of CPUs.
      const counts = vcpu !== null || region !== undefined;
      const same = was.vcpu === vcpu && (!counts || was.memoryMb === memoryMb);
      const message = `it had ${was.memoryMb} MB${was.vcpu === null && region === undefined ? ' without a CPU share' : ''} in the run before`;
      return same
        ? []
        : [{ code: 'other-memory', variant: name, message, hint: 'use the same --memory in both runs' }];
    }),
  ];
}

/** Compares Node and the client; ONNX Runtime and coldpress belong to the artifact, which is what is being compared. */
function otherRuntime(now: BenchData, base: BenchData): Warning[] {
  const describe = (data: BenchData) => {
    const { node, runtimeClient } = artifactsOf(data)[0]!.versions;
    return `Node ${node} under ${runtimeClient === 'coldpress' ? 'coldpress’s own runtime client' : runtimeClient}`;
  };
  return describe(now) === describe(base)
    ? []
    : [
        {
          code: 'other-runtime',
          message: `the run before had ${describe(base)}, this one has ${describe(now)}`,
          hint: 'install the same in both',
        },
      ];
}

function otherMachine({ machine }: BenchData): Warning {
  return {
    code: 'other-machine',
    message: `the earlier run was measured on another machine (${machine.cpu}, ${machine.cpuCount} CPUs)`,
    hint: 'measure both runs by what they have in common, with --baseline hello',
  };
}

/** Whether the functions ran on the same CPU; a deployed one does not run on the machine that measures it. */
export function isSameCpu(now: BenchData, base: BenchData): boolean {
  const here = artifactsOf(now).some(({ region }) => region === undefined);
  return !here || (now.machine.cpu === base.machine.cpu && now.machine.cpuCount === base.machine.cpuCount);
}

export function artifactsOf({ variants }: BenchData): Variant[] {
  return variants.filter(({ kind }) => kind === 'artifact');
}
