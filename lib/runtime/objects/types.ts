import type { RequestError } from '../errors.ts';

/** A record of an object, or the reason why it is invalid. */
export type ObjectRecord = { ok: true; record: unknown } | { ok: false; error: RequestError };

/** An object in a bucket, in terms common to S3 and Cloud Storage. */
export interface ObjectReference {
  bucket: string;
  key: string;
  /** S3's version or Cloud Storage's generation. */
  version: string | undefined;
}

export interface StoredObject {
  sizeBytes: number;
  /** Metadata, with names in lower case. */
  metadata: Record<string, string>;
  /** Streams the bytes from `start`, by default the first. */
  stream(start?: number): AsyncIterable<Uint8Array>;
  /** Returns the bytes from `start` up to `end`, exclusive. */
  range(start: number, end: number): Promise<Uint8Array>;
}

export interface ObjectWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the complete object appear. */
  complete(): Promise<void>;
  /** Discards the object without a trace. */
  abort(): Promise<void>;
}

/** A store of objects. */
export interface ObjectStore {
  open(object: ObjectReference): Promise<StoredObject>;
  create(
    object: { bucket: string; key: string },
    options: { contentType: string; metadata: Record<string, string> },
  ): Promise<ObjectWriter>;
}
