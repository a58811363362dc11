import type { Manifest } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';
import { choicesHint } from '../../nearest.ts';
import type { Question } from '../question.ts';
import { firstSample } from '../samples.ts';
import { awsSamples } from './aws.ts';
import { googleSamples } from './google.ts';
import type { SampleEvent } from './sample-event.ts';

/** All sample events. A container accepts only requests, that is, records. */
export const sampleEvents: readonly SampleEvent[] = [
  ...awsSamples.map(sample => ({ ...sample, target: 'aws-lambda' as const })),
  ...googleSamples.map(sample => ({ ...sample, target: 'gcf' as const })),
];

/** The sample that is not an event but the body of `POST /`. */
export const recordSample = 'record';

/** The name of the object in events of a bucket, without its extension. */
const objectName = 'incoming/sample';

/**
 * The sample event of a source for the artifact in `dir`: an event, or for `record` the record itself.
 * @param record - JSON, a record or an array of them (default: the artifact's first sample)
 * @throws ColdpressError SAMPLE_UNKNOWN, SAMPLE_EMPTY, EVENT_INVALID
 */
export async function makeSample(
  dir: string,
  manifest: Pick<Manifest, 'name' | 'target' | 'events'>,
  { sample, record, now }: { sample: string; record: string | undefined; now: Date },
): Promise<Pick<Question, 'event' | 'record'>> {
  const own = sampleEvents.filter(({ target }) => target === manifest.target);
  const found = own.find(({ name }) => name === sample);
  if (found === undefined && sample !== recordSample) {
    throw new ColdpressError('SAMPLE_UNKNOWN', `no sample event "${sample}" for ${manifest.target}`, {
      hint: choicesHint(sample, [recordSample, ...own.map(({ name }) => name)]),
    });
  }
  const text = record ?? JSON.stringify((await firstSample(dir))?.record);
  if (text === undefined) {
    throw new ColdpressError('SAMPLE_EMPTY', `${dir} has no record to fill an event with`, {
      hint: 'pass one with --record, or name samples in the config and pack again',
    });
  }
  if (found === undefined) {
    return { record: { text } };
  }
  const value: unknown = JSON.parse(text);
  const event = found.make({
    records: Array.isArray(value) ? value : [value],
    name: manifest.name,
    objectKey: `${objectName}.${manifest.events.objects?.format ?? 'jsonl'}`,
    now,
  });
  return { event: JSON.stringify(event) };
}
