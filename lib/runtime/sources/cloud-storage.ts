import { type CloudEvent, processCloudEvent } from './cloud-event.ts';
import type { Source } from './source.ts';

/** google.events.cloud.storage.v1.StorageObjectData */
interface StorageObjectData {
  bucket: string;
  name: string;
  generation?: string | number;
}

/** An object that was written to Cloud Storage. */
export const cloudStorage: Source<CloudEvent<StorageObjectData>> = {
  name: 'cloud-storage',
  matches: event => event.type === 'google.cloud.storage.object.v1.finalized',
  async handle(event, fn, invocation) {
    const { bucket, name: key, generation } = event.data!;
    const object = { bucket, key, version: generation === undefined ? undefined : String(generation) };
    const read = () => ({ kind: 'objects' as const, objects: [object] });
    await processCloudEvent(event, { read, raw: object }, { fn, invocation, source: 'cloud-storage' });
  },
};
