import type { RequestError } from '../errors.ts';

/** A record of an object, or why it is none. */
export type ObjectRecord = { ok: true; record: unknown } | { ok: false; error: RequestError };

/** An object of a bucket, in S3's and Cloud Storage's common terms. */
export interface ObjectReference {
  bucket: string;
  key: string;
  /** S3's version or Cloud Storage's generation. */
  version: string | undefined;
}

export interface StoredObject {
  sizeBytes: number;
  /** Names in lower case. */
  metadata: Record<string, string>;
  stream(): AsyncIterable<Uint8Array>;
  /** Bytes from `start` up to, without, `end`. */
  range(start: number, end: number): Promise<Uint8Array>;
}

export interface ObjectWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the object appear, whole. */
  complete(): Promise<void>;
  /** Leaves nothing behind. */
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
