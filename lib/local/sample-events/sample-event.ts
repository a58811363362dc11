import type { Manifest } from '../../contract/manifest.ts';

/** What a sample event is made of. */
export interface SampleScope {
  /** One or more. */
  records: readonly unknown[];
  /** Of the function. */
  name: string;
  /** The key of the object that an event of a bucket names. */
  objectKey: string;
  now: Date;
}

/** An event as a source sends it, filled with records. */
export interface SampleEvent {
  /** As `coldpress invoke --sample` takes it. */
  name: string;
  target: Manifest['target'];
  /** What it is, for a list. */
  about: string;
  /** Whether it names an object of a bucket, which the function reads. */
  hasObject?: true;
  make(scope: SampleScope): unknown;
}

export const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
