import { RequestError } from '../errors.ts';
import { type CloudEvent, toRecord } from './cloud-event.ts';
import { processEvent } from './process-event.ts';
import type { Source } from './source.ts';

/** The prefixes of event types; all other Google events are named by their type. */
const services: readonly [prefix: string, name: string][] = [
  ['google.cloud.firestore.', 'Firestore'],
  ['google.cloud.datastore.', 'Datastore'],
  ['google.cloud.audit.', 'Cloud Audit Logs'],
  ['google.cloud.storage.', 'Cloud Storage'],
  ['google.cloud.pubsub.', 'Pub/Sub'],
  ['google.firebase.', 'Firebase'],
];

/**
 * Events of Google services that contain nothing to score. Redelivery would not change that, so the event counts as
 * done: a failure sink receives it, or the log names it.
 */
export const googleRefused: Source<CloudEvent> = {
  name: 'refused',
  matches: event => event.type?.startsWith('google.') === true,
  async handle(event, fn, invocation) {
    const { type, data } = event;
    const service = services.find(([prefix]) => type.startsWith(prefix))?.[1] ?? `type "${type}"`;
    const error = new RequestError(
      400,
      'EVENT_UNSUPPORTED',
      `this is an event of ${service}, which is not scored; docs/events.md lists the events that are`,
    );
    const read = () => {
      throw error;
    };
    // Firestore's data is protobuf.
    const raw = Buffer.isBuffer(data) ? data.toString('base64') : data;
    const record = toRecord(event, { read, raw });
    const failed = await processEvent([record], { fn, invocation, source: 'refused' });
    for (const { error: reason } of failed) {
      if (reason !== error) {
        throw reason;
      }
      console.error(`${event.id}: ${error.message}`);
    }
  },
};
