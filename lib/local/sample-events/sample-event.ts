import type { Manifest } from '../../contract/manifest.ts';

/** The values that a sample event contains. */
export interface SampleScope {
  /** One or more. */
  records: readonly unknown[];
  /** Name of the function. */
  name: string;
  /** The key of the object that an event of a bucket names. */
  objectKey: string;
  now: Date;
}

/** An event as a source sends it, filled with records. */
export interface SampleEvent {
  /** The value for `coldpress invoke --sample`. */
  name: string;
  target: Manifest['target'];
  /** A description for lists. */
  about: string;
  /** Whether it names an object in a bucket, which the function reads. */
  hasObject?: true;
  make(scope: SampleScope): unknown;
}

export const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
