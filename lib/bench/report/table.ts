import type { BenchResult } from '../result.ts';
import {
  formatCount,
  formatEstimateMs,
  formatMegabytes,
  formatMs,
  formatRatio,
  formatUsd,
} from './format.ts';

/** The rows, one per variant, that every report shows. */
export interface ReportTable {
  head: string[];
  rows: string[][];
}

export function makeTable({ variants, summaries, costs }: BenchResult): ReportTable {
  const compared = summaries.some(({ ratio }) => ratio !== undefined);
  return {
    head: [
      'variant',
      'first answer ms',
      ...(compared ? ['ratio'] : []),
      'warm p50 ms',
      'p99 ms',
      'CPU ms',
      'peak MB',
      'disk MB',
      'zip MB',
      '$/M cold',
    ],
    rows: summaries.map((summary, index) => {
      const { name, sizes } = variants[index]!;
      const { ratio, warmMs } = summary;
      const isReference = ratio?.to === name;
      return [
        name,
        formatEstimateMs(summary.totalMs),
        ...(compared ? [ratio === undefined || isReference ? '1' : formatRatio(ratio)] : []),
        warmMs === null ? '–' : formatMs(warmMs.p50),
        warmMs === null ? '–' : formatMs(warmMs.p99),
        formatCount(summary.cpuMs),
        formatCount(summary.peakMemoryMb),
        formatMegabytes(sizes.diskBytes),
        formatMegabytes(sizes.zippedBytes),
        formatUsd(costs.find(cost => cost.name === name)?.perMillionCold ?? null),
      ];
    }),
  };
}

const requests = {
  event: 'an event',
  input: 'an inference request',
  signature: 'one generated from the signature',
} as const;

/** Describes the run: the procedure, the versions, the machine and the request. */
export function describeRun(result: BenchResult): string[] {
  const { machine, options, variants, disk, request } = result;
  const versions = variants.map(({ versions: { node, onnxruntime, runtimeClient } }) =>
    [
      `Node ${node}`,
      ...(onnxruntime === '' ? [] : [`ONNX Runtime ${onnxruntime}`]),
      runtimeClient === 'coldpress' ? 'coldpress’s own runtime client' : runtimeClient,
    ].join(', '),
  );
  // A deployed function has a region, and its machine is unknown.
  const isDeployed = variants.some(({ region }) => region !== undefined);
  const references = [...new Set(result.summaries.flatMap(({ ratio }) => ratio?.to ?? []))];
  const longest = versions.toSorted((a, b) => b.length - a.length)[0] ?? '';
  return [
    `medians of ${isDeployed ? count(options.samples, 'new instance') : count(options.samples, 'fresh process', 'fresh processes')} each, interleaved, after ${count(options.discard, 'discarded round')}; [95 % interval]; seed ${options.seed}`,
    `${longest}; coldpress ${machine.coldpress}`,
    `${isDeployed ? 'requests sent from ' : ''}${machine.cpuCount} × ${machine.cpu}, ${machine.kernel}, ${result.startedAt.slice(0, 10)}`,
    `${isDeployed ? '' : `${disk} disk; `}all functions received the same request: ${requests[request.source]}, ${request.sizeBytes} bytes`,
    ...(references.length === 0 ? [] : [`ratios are relative to ${references.join(', ')} in the same round`]),
  ];
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
