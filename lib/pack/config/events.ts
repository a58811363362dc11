import * as v from 'valibot';
import type { EventsSettings, SinksSettings, TelemetrySettings } from '../../contract/manifest.ts';

const text = v.pipe(v.string(), v.nonEmpty());
const setting = v.union([text, v.strictObject({ env: text })]);

const secret = v.union([
  v.strictObject({ secretsManager: setting }),
  v.strictObject({ ssm: setting }),
  v.strictObject({ secretManager: setting }),
]);

const sink = v.variant('type', [
  v.strictObject({ type: v.literal('sqs'), queueUrl: setting }),
  v.strictObject({ type: v.literal('sns'), topicArn: setting }),
  v.strictObject({
    type: v.literal('eventbridge'),
    bus: setting,
    /** Default: `coldpress`. */
    source: v.exactOptional(text),
    /** Default: `Result`; `Failure` for failures. */
    detailType: v.exactOptional(text),
  }),
  /** One object a record, PREFIX/ID.json. Default prefix: `results/`. */
  v.strictObject({ type: v.literal('s3'), bucket: setting, prefix: v.exactOptional(v.string()) }),
  /** One item a record. `key` is the name of the table's partition key, a string. Default: `id`. */
  v.strictObject({ type: v.literal('dynamodb'), table: setting, key: v.exactOptional(text) }),
  /** `projects/PROJECT/topics/TOPIC` */
  v.strictObject({ type: v.literal('pubsub'), topic: setting }),
  v.strictObject({ type: v.literal('gcs'), bucket: setting, prefix: v.exactOptional(v.string()) }),
  v.strictObject({
    type: v.literal('webhook'),
    url: setting,
    headers: v.exactOptional(v.record(v.string(), v.union([setting, secret]))),
  }),
  /** A line of the function's log. */
  v.strictObject({ type: v.literal('log') }),
]) satisfies v.GenericSchema<SinksSettings['results'] & object>;

/** Where what events bring goes to. */
export const sinksSchema = v.strictObject({
  /** Default: nowhere, which the log says once. */
  results: v.exactOptional(sink),
  /** Takes records that can never succeed. Default: none; they fail in the source's own way. */
  failures: v.exactOptional(sink),
}) satisfies v.GenericSchema<SinksSettings>;

export const eventsSchema = v.strictObject({
  /** Most records of one run. Default: 256. */
  maxBatch: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000))),
  /** A field of the record that identifies it in results and failures. Default: the source's own identifier. */
  id: v.exactOptional(text),
  /** Lets events bring objects of a bucket to score. Default: they are refused. */
  objects: v.exactOptional(
    v.strictObject({
      store: v.picklist(['s3', 'gcs']),
      /** Default: by the ending of the key; `bytes` hands `{ key, bytes }` to the score. */
      format: v.exactOptional(v.picklist(['csv', 'jsonl', 'json', 'parquet', 'bytes'])),
      /** What the keys of results begin with; keys that do are never scored. Default: `scored/`. */
      prefix: v.exactOptional(v.pipe(text, v.regex(/^[^/].*\/$/, 'a folder: ends with /, begins with none'))),
      /** Bucket of the results. Default: that of the object. */
      bucket: v.exactOptional(setting),
    }),
  ),
}) satisfies v.GenericSchema<EventsSettings>;

/** One line of JSON an invocation, with metrics. Default: on; `false` turns it off. */
export const telemetrySchema = v.union([
  v.literal(false),
  v.strictObject({
    /** Of the CloudWatch metrics. Default: `coldpress`. */
    namespace: v.exactOptional(text),
    /** Also logs the whole event, with whatever it holds. Default: `false`. */
    bodies: v.exactOptional(v.boolean()),
  }),
]) satisfies v.GenericSchema<false | TelemetrySettings>;

/** The sections above, as a plan has them. */
export interface EventSections {
  name: string;
  events?: EventsSettings | undefined;
  sinks?: SinksSettings | undefined;
  telemetry?: false | TelemetrySettings | undefined;
}

/** The sections that the config has, for the manifest. */
export function eventSections({ events, sinks, telemetry }: EventSections) {
  return {
    ...(events !== undefined && { events }),
    ...(sinks !== undefined && { sinks }),
    ...(telemetry !== undefined && { telemetry }),
  };
}

/**
 * The modules of lib/runtime that this config makes use of and that are loaded when first used, each a file of its
 * own in the function: what is not configured is not carried.
 */
export function chunksFor({ events, sinks }: EventSections): string[] {
  const used = [sinks?.results, sinks?.failures].filter(item => item !== undefined);
  const chunks = used.filter(({ type }) => type !== 'log').map(({ type }) => `sinks/${type}`);
  for (const item of used) {
    const values = item.type === 'webhook' ? Object.values(item.headers ?? {}) : [];
    for (const value of values) {
      const [kind] = typeof value === 'string' ? [] : Object.keys(value);
      const chunk = kind === undefined ? undefined : secretChunks[kind];
      chunks.push(...(chunk === undefined ? [] : [chunk]));
    }
  }
  if (events?.objects !== undefined) {
    const { store, format } = events.objects;
    chunks.push('objects/score-object', `objects/${store}`);
    if (format === undefined || format === 'parquet') {
      chunks.push('objects/parquet');
    }
  }
  return [...new Set(chunks)].sort();
}

const secretChunks: Record<string, string> = {
  secretsManager: 'platform/secrets-manager',
  ssm: 'platform/ssm',
  secretManager: 'platform/secret-manager',
};
