import type { ObjectReference } from '../objects/types.ts';
import { type CloudEvent, processCloudEvent } from './cloud-event.ts';
import type { Content } from './event-record.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';

/** google.events.cloud.storage.v1.StorageObjectData */
interface StorageObjectData {
  bucket: string;
  name: string;
  generation?: string | number;
}

const written = 'google.cloud.storage.object.v1.finalized';

/** Cloud Storage events: a written object is scored; deletions and the like are skipped. */
export const cloudStorage: Source<CloudEvent<StorageObjectData>> = {
  name: 'cloud-storage',
  matches: event => event.type?.startsWith('google.cloud.storage.object.v1.') === true,
  async handle(event, fn, invocation) {
    const object = readEvent('cloud-storage', () => toObject(event.data!));
    const read = (): Content =>
      event.type === written ? { kind: 'objects', objects: [object] } : { kind: 'nothing' };
    await processCloudEvent(event, { read, raw: object }, { fn, invocation, source: 'cloud-storage' });
  },
};

function toObject({ bucket, name: key, generation }: StorageObjectData): ObjectReference {
  return { bucket, key, version: generation === undefined ? undefined : String(generation) };
}
