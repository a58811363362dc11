import type { ObjectsSettings } from '../../contract/settings.ts';
import type { ColdpressFunction } from '../function.ts';
import type { Invocation } from '../platform/invocation.ts';
import { loadChunk } from '../platform/load-chunk.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { sinkMark } from '../sinks/mark.ts';
import { chooseFormat } from './formats.ts';
import { resultsKey } from './results.ts';
import { type RowCounts, scoreStored } from './score-stored.ts';
import type { ObjectReference, ObjectStore } from './types.ts';

/** The outcome of an object. */
export interface ObjectSummary extends RowCounts {
  object: { bucket: string; key: string };
  results: { bucket: string; key: string };
}

let store: Promise<ObjectStore> | undefined;

/**
 * Scores the object of an event.
 * @returns `undefined` for an object that coldpress wrote, which is never scored
 */
export async function scoreObject(
  reference: ObjectReference,
  fn: ColdpressFunction,
  invocation: Invocation,
): Promise<ObjectSummary | undefined> {
  const settings = fn.model.manifest.events.objects!;
  const { prefix } = settings;
  if (reference.key.startsWith(prefix)) {
    return undefined;
  }
  store ??= openStore(settings.store);
  const objects = await store;
  const object = await objects.open(reference);
  // A sink wrote the object, or a function with another prefix.
  if (Object.hasOwn(object.metadata, sinkMark)) {
    return undefined;
  }
  const format = chooseFormat(reference.key, settings.format);
  const target = {
    bucket: settings.bucket === null ? reference.bucket : resolveSetting(settings.bucket, process.env),
    key: resultsKey(prefix, reference.key, format),
  };
  const metadata = { [sinkMark]: fn.model.manifest.model.sha256 };
  const counts = await scoreStored(
    { store: objects, reference, object, format, target, metadata },
    fn,
    invocation,
  );
  return { object: { bucket: reference.bucket, key: reference.key }, results: target, ...counts };
}

async function openStore(name: ObjectsSettings['store']): Promise<ObjectStore> {
  return name === 's3'
    ? (await loadChunk<typeof import('./s3.ts')>('objects/s3')).openStore()
    : (await loadChunk<typeof import('./gcs.ts')>('objects/gcs')).openStore(process.env);
}
