import { join } from 'node:path';
import { type CountedTensor, columnCounters, slotStarts } from '../../contract/column-counter.ts';
import { type DriftCounts, formatSlots } from '../../contract/drift-counts.ts';
import { fromFloat16Bits } from '../../contract/float16.ts';
import { engineNameOf, type Manifest } from '../../contract/manifest.ts';
import { countedColumns, PROFILE_FILE, type Profile } from '../../contract/profile.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { readPackedText } from '../embedded.ts';
import type { Run, RunCounter } from './types.ts';

/**
 * Longest line of counts. containerd and Docker split lines of more than 16 KiB; CloudWatch Logs and Cloud Logging
 * accept at least 256 KB.
 */
const mostCharacters = 14_000;

/** Opens the profile in the function's folder. */
export function openRunCounter(dir: string, manifest: Manifest): RunCounter {
  const profile: Profile = JSON.parse(readPackedText(join(dir, PROFILE_FILE)));
  const { telemetry } = manifest;
  const sample = telemetry !== false && telemetry.drift !== false ? telemetry.drift.sample : 0;
  return runCounter(profile, manifest, sample);
}

/** @param sample - the share of rows to count, chosen at random */
export function runCounter(
  profile: Profile,
  { signature }: Pick<Manifest, 'signature'>,
  sample: number,
): RunCounter {
  const columns = countedColumns(profile);
  const starts = slotStarts(columns);
  const total = starts.at(-1)!;
  const { length } = profile.features;
  const features = columnCounters(profile.features, starts).flatMap(counter => {
    const spec = signature.inputs.find(({ name }) => name === counter.tensor);
    return spec === undefined ? [] : [{ counter, spec, engineName: engineNameOf(spec) }];
  });
  const outputs = columnCounters(profile.outputs, starts.slice(length)).flatMap(counter => {
    const spec = signature.outputs.find(({ name }) => name === counter.tensor);
    return spec === undefined ? [] : [{ counter, spec }];
  });
  // With 32 bits, two of 10,000 instances would have the same with a chance of 1 %.
  const instance = Math.floor(Math.random() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
  let lines = 0;
  let rows = 0;
  const sums = new Uint32Array(total);

  function see(run: Run): () => void {
    const tensors = features.flatMap(({ counter, spec, engineName }) => {
      const tensor = run.request.inputs.get(engineName);
      return tensor === undefined
        ? []
        : [{ counter, tensor: counted(tensor.type, tensor.data, tensor.dims, spec.rowAxis) }];
    });
    const all = Math.max(0, ...tensors.map(({ tensor }) => rowsOf(tensor)));
    const picked = sample >= 1 ? undefined : pick(all, sample);
    const own = new Uint32Array(total);
    for (const { counter, tensor } of tensors) {
      counter.count(tensor, own, picked);
    }
    for (const { counter, spec } of outputs) {
      const output = run.outputs.find(({ name }) => name === spec.name);
      if (output !== undefined) {
        const tensor = counted(output.datatype, output.data, output.shape, spec.rowAxis);
        // An output that belongs to the whole run is counted for the row only if the run has a single row.
        if (rowsOf(tensor) === all) {
          counter.count(tensor, own, picked);
        }
      }
    }
    return () => {
      rows += picked?.length ?? all;
      for (let slot = 0; slot < total; slot += 1) {
        sums[slot]! += own[slot]!;
      }
    };
  }

  function take(): DriftCounts[] {
    if (rows === 0) {
      return [];
    }
    const taken: DriftCounts[] = [];
    let from = 0;
    let counts: string[] = [];
    let characters = 0;
    const end = (next: number) => {
      lines += 1;
      const line = { v: 1, profile: profile.id, id: `${instance}.${lines}` } as const;
      taken.push({ ...line, rows: from === 0 ? rows : 0, ...(from > 0 && { from }), counts: counts.join() });
      [from, counts, characters] = [next, [], 0];
    };
    for (const index of columns.keys()) {
      const text = formatSlots(sums, starts[index], starts[index + 1]);
      if (characters + text.length > mostCharacters) {
        end(index);
      }
      counts.push(text);
      characters += text.length + 1;
    }
    end(columns.length);
    rows = 0;
    sums.fill(0);
    return taken;
  }

  return { see, take };
}

function counted(
  type: string,
  data: TensorData,
  dims: readonly number[],
  rowAxis: number | null,
): CountedTensor {
  const isFloat16 = type === 'float16' || type === 'FP16';
  return { data: isFloat16 ? Float32Array.from(data as Uint16Array, fromFloat16Bits) : data, dims, rowAxis };
}

function rowsOf({ dims, rowAxis }: CountedTensor): number {
  return rowAxis === null ? 1 : (dims[rowAxis] ?? 1);
}

function pick(rows: number, sample: number): number[] {
  return Array.from({ length: rows }, (_, row) => row).filter(() => Math.random() < sample);
}
