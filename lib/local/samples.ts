import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLES_FILE } from '../contract/files.ts';
import type { SampleRecord, SampleRecords } from '../contract/sample-records.ts';

/** A record of an artifact's samples, and its origin. */
export type Sample = SampleRecord & Pick<SampleRecords, 'origin'>;

/** The records in the artifact in `dir`; `undefined` if it has none. */
export function readSampleRecords(dir: string): Promise<SampleRecords | undefined> {
  return readFile(join(dir, SAMPLES_FILE), 'utf8').then(JSON.parse, () => undefined);
}

export async function firstSample(dir: string): Promise<Sample | undefined> {
  const { origin, samples: [first] = [] } = (await readSampleRecords(dir)) ?? {};
  return first && { origin: origin!, ...first };
}
