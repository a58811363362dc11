import { readFileSync } from 'node:fs';
import { defaultTolerance } from '../contract/defaults.ts';
import { GOLDEN_FILE } from '../contract/files.ts';
import type { SampleRecord, SampleRecords } from '../contract/sample-records.ts';
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
    const tolerance = { relative, absolute };
    const choices = await fieldChoices(plan, pressed, records);
    return { origin: 'samples', tolerance, samples: shorten(records), choices };
  }
  const golden = files.find(({ path }) => path === GOLDEN_FILE);
  if (golden === undefined) {
    return undefined;
  }
  const { goldenRecord } = await import('../model/samples/golden-record.ts');
  const vector = JSON.parse(readFileSync(golden.source, 'utf8'));
  const records = [goldenRecord(vector, manifest)];
  return {
    origin: 'golden vector',
    tolerance: vector.tolerance,
    samples: records,
    choices: await fieldChoices(plan, pressed, records),
  };
}

/** The first records, as long as they are small; at least one. */
function shorten(records: SampleRecord[]): SampleRecord[] {
  let characters = 0;
  return records.slice(0, mostRecords).filter((record, index) => {
    characters += JSON.stringify(record).length;
    return index === 0 || characters <= mostCharacters;
  });
}
