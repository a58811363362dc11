import { type CloudEvent, processCloudEvent } from './cloud-event.ts';
import { cloudStorage } from './cloud-storage.ts';
import { parseJson } from './event-record.ts';
import { googleRefused } from './google-refused.ts';
import { pubSub } from './pubsub.ts';
import type { Source } from './source.ts';

/** A CloudEvent that is not from Google: its data is the record. */
const generic: Source<CloudEvent> = {
  name: 'cloud-event',
  matches: () => true,
  async handle(event, fn, invocation) {
    const read = () => ({ kind: 'record' as const, record: dataOf(event) });
    const raw = event.data ?? event.data_base64;
    await processCloudEvent(event, { read, raw }, { fn, invocation, source: 'cloud-event' });
  },
};

/**
 * Returns the data; bytes other than JSON remain bytes.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data
 */
function dataOf({ data, data_base64: base64, datacontenttype = 'application/json' }: CloudEvent): unknown {
  if (data !== undefined || typeof base64 !== 'string') {
    return data;
  }
  const bytes = Buffer.from(base64, 'base64');
  return /^[^;]*[/+]json\b/i.test(datacontenttype) ? parseJson(bytes.toString()) : bytes;
}

/** Every kind of event that Eventarc delivers, the most specific first; the last accepts any other. */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
export const googleSources: Source<any>[] = [pubSub, cloudStorage, googleRefused, generic];
