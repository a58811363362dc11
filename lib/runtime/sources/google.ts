import { type CloudEvent, processCloudEvent } from './cloud-event.ts';
import { cloudStorage } from './cloud-storage.ts';
import { pubSub } from './pubsub.ts';
import type { Source } from './source.ts';

/** Any other CloudEvent: its data is the record. */
const generic: Source<CloudEvent> = {
  name: 'cloud-event',
  matches: () => true,
  async handle(event, fn, invocation) {
    const read = () => ({ kind: 'record' as const, record: event.data });
    await processCloudEvent(event, { read, raw: event.data }, { fn, invocation, source: 'cloud-event' });
  },
};

/** Every kind of event that Eventarc brings, the most specific first; the last takes what no other knows. */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
export const googleSources: Source<any>[] = [pubSub, cloudStorage, generic];
