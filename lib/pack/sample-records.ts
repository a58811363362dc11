import { readFileSync } from 'node:fs';
import { defaultTolerance } from '../contract/defaults.ts';
import { GOLDEN_FILE } from '../contract/files.ts';
import type { Golden } from '../contract/golden.ts';
import type { TensorSpec } from '../contract/manifest.ts';
import type { SampleRecord, SampleRecords } from '../contract/sample-records.ts';
import { scaled, type Tolerance } from '../contract/tolerance.ts';
import { fieldChoices } from './choices.ts';
import type { Plan } from './plan.ts';
import type { PressedModel } from './press.ts';

/** A test or a form uses no more than this. */
const mostRecords = 20;
const mostCharacters = 256 * 1024;

/** Records to try the function with, from the samples or else the golden vector; `undefined` if there is neither. */
export async function sampleRecords(
  plan: Pick<Plan, 'samples' | 'modelPath'>,
  pressed: PressedModel,
): Promise<SampleRecords | undefined> {
  const { samples } = plan;
  const { manifest, files } = pressed;
  if (samples !== undefined) {
    // Loaded only now, because most of it parses formats.
    const { readSampleTable } = await import('../model/samples/samples.ts');
    const { tableRecords } = await import('../model/samples/records.ts');
    const records = tableRecords(await readSampleTable(samples.path), manifest);
    const { relative = defaultTolerance.relative, absolute = defaultTolerance.absolute } =
      samples.tolerance ?? {};
    const valuesOf = (name: string) => leaves(records.map(({ result }) => result?.[name]));
    const tolerances = tolerancesOf(manifest.signature.outputs, valuesOf, { relative, absolute });
    const choices = await fieldChoices(plan, pressed, records);
    return { origin: 'samples', tolerances, samples: shorten(records), choices };
  }
  const golden = files.find(({ path }) => path === GOLDEN_FILE);
  if (golden === undefined) {
    return undefined;
  }
  const { goldenRecord } = await import('../model/samples/golden-record.ts');
  const vector: Golden = JSON.parse(readFileSync(golden.source, 'utf8'));
  const valuesOf = (name: string) => vector.response.outputs.find(tensor => tensor.name === name)?.data ?? [];
  const records = [goldenRecord(vector, manifest)];
  return {
    origin: 'golden vector',
    tolerances: tolerancesOf(manifest.signature.outputs, valuesOf, vector.tolerance),
    samples: records,
    choices: await fieldChoices(plan, pressed, records),
  };
}

/** The tolerance of each output of floats, at the scale of all its expected values. */
function tolerancesOf(
  outputs: readonly TensorSpec[],
  valuesOf: (name: string) => unknown[],
  tolerance: Tolerance,
): Record<string, Tolerance> {
  return Object.fromEntries(
    outputs
      .filter(({ datatype }) => datatype.startsWith('FP'))
      .map(({ name, datatype }) => [
        name,
        scaled(valuesOf(name), tolerance, { isHalf: datatype === 'FP16' }),
      ]),
  );
}

/** The values in nested arrays and objects. */
function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

/** The first records, as long as they are small; at least one. */
function shorten(records: SampleRecord[]): SampleRecord[] {
  let characters = 0;
  return records.slice(0, mostRecords).filter((record, index) => {
    characters += JSON.stringify(record).length;
    return index === 0 || characters <= mostCharacters;
  });
}
