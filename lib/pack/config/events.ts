import * as v from 'valibot';
import type { Chunk } from '../../contract/chunks.ts';
import { defaultObjects, defaultSettings, defaultSinks } from '../../contract/defaults.ts';
import type { SecretKind, Settings, SinkPurpose, SinkSettings } from '../../contract/settings.ts';

const text = v.pipe(v.string(), v.nonEmpty());
const setting = v.union([text, v.strictObject({ env: text })]);

const secret = v.union([
  v.strictObject({ secretsManager: setting }),
  v.strictObject({ ssm: setting }),
  v.strictObject({ secretManager: setting }),
]);

const sink = v.variant('type', [
  v.strictObject({
    type: v.literal('sqs'),
    /** URL of the queue. */
    queueUrl: setting,
  }),
  v.strictObject({
    type: v.literal('sns'),
    /** ARN of the topic. */
    topicArn: setting,
  }),
  v.strictObject({
    type: v.literal('eventbridge'),
    /** Name or ARN of the event bus. */
    bus: setting,
    /**
     * `source` of the events.
     * @default 'coldpress'
     */
    source: v.exactOptional(text),
    /**
     * `detail-type` of the events.
     * @default 'Result', 'Failure' for failures
     */
    detailType: v.exactOptional(text),
  }),
  v.strictObject({
    type: v.literal('s3'),
    /** Name of the bucket. */
    bucket: setting,
    /**
     * Start of the keys. Each record becomes one object, PREFIX + ID + `.json`.
     * @default 'results/', 'failures/' for failures
     */
    prefix: v.exactOptional(v.string()),
  }),
  v.strictObject({
    type: v.literal('dynamodb'),
    /** Name or ARN of the table. Each record becomes one item. */
    table: setting,
    /**
     * Name of the table's partition key, which must be a string.
     * @default 'id'
     */
    key: v.exactOptional(text),
  }),
  v.strictObject({
    type: v.literal('pubsub'),
    /** `projects/PROJECT/topics/TOPIC` */
    topic: setting,
  }),
  v.strictObject({
    type: v.literal('gcs'),
    /** Name of the bucket. */
    bucket: setting,
    /**
     * Start of the names. Each record becomes one object, PREFIX + ID + `.json`.
     * @default 'results/', 'failures/' for failures
     */
    prefix: v.exactOptional(v.string()),
  }),
  v.strictObject({
    type: v.literal('webhook'),
    /** Where each batch of results is posted. */
    url: setting,
    /**
     * Headers of the request. A secret is read when it is first used, from Secrets Manager, SSM or Secret Manager.
     * @default none
     */
    headers: v.exactOptional(v.record(v.string(), v.union([setting, secret]))),
  }),
  v.strictObject({ type: v.literal('log') }),
]);

export const sinksSchema = v.strictObject({
  /**
   * Receives the result of each record.
   * @default none; the log says so once
   */
  results: v.exactOptional(sink),
  /**
   * Receives records that can never succeed.
   * @default none; they fail in the source's own way
   */
  failures: v.exactOptional(sink),
});

export const eventsSchema = v.strictObject({
  /**
   * Most records of one run of the model, 1 to 10,000.
   * @default 256
   */
  maxBatch: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000))),
  /**
   * The field of a record that identifies it in results and failures.
   * @default the source's own identifier
   */
  id: v.exactOptional(text),
  /**
   * How batches of Kafka are answered.
   * @default none
   */
  kafka: v.exactOptional(
    v.strictObject({
      /**
       * Returns the records that failed. The event source mapping must have provisioned pollers and
       * `ReportBatchItemFailures`.
       * @default false: a failed record fails its batch
       */
      reportBatchItemFailures: v.exactOptional(v.boolean()),
    }),
  ),
  /**
   * Scores the objects of a bucket that events name.
   * @default such events are refused
   */
  objects: v.exactOptional(
    v.strictObject({
      /** Whose buckets: Amazon S3's or Google Cloud Storage's. */
      store: v.picklist(['s3', 'gcs']),
      /**
       * Format of the objects. `bytes` passes `{ key, bytes }` to the score.
       * @default by the ending of the key
       */
      format: v.exactOptional(v.picklist(['csv', 'jsonl', 'json', 'parquet', 'bytes'])),
      /**
       * Start of the keys of results, a folder. Objects below it are never scored.
       * @default 'scored/'
       */
      prefix: v.exactOptional(v.pipe(text, v.regex(/^[^/].*\/$/, 'a folder: ends with /, begins with none'))),
      /**
       * Bucket of the results.
       * @default the bucket of the object
       */
      bucket: v.exactOptional(setting),
    }),
  ),
});

export const telemetrySchema = v.union([
  v.literal(false),
  v.strictObject({
    /**
     * Namespace of the CloudWatch metrics.
     * @default 'coldpress'
     */
    namespace: v.exactOptional(text),
    /**
     * Also logs the whole event, personal data included.
     * @default false
     */
    bodies: v.exactOptional(v.boolean()),
    /**
     * Counts inputs and outputs by the bins of the profile, for `coldpress drift`; see docs/drift.md. `false` turns it
     * off.
     * @default { sample: 1 }
     */
    drift: v.exactOptional(
      v.union([
        v.literal(false),
        v.strictObject({
          /** Share of the rows that is counted: above 0, at most 1. */
          sample: v.pipe(v.number(), v.gtValue(0, 'above 0'), v.maxValue(1)),
        }),
      ]),
    ),
  }),
]);

type EventSettings = Pick<Settings, 'events' | 'sinks' | 'telemetry'>;

/** The sections above as they appear in a config. */
interface EventConfig {
  events?: v.InferOutput<typeof eventsSchema> | undefined;
  sinks?: v.InferOutput<typeof sinksSchema> | undefined;
  telemetry?: v.InferOutput<typeof telemetrySchema> | undefined;
}

export function resolveEvents({ events = {}, sinks = {}, telemetry = {} }: EventConfig): EventSettings {
  const { kafka, objects, ...rest } = events;
  const defaults = defaultSettings;
  return {
    events: {
      ...defaults.events,
      ...rest,
      kafka: { ...defaults.events.kafka, ...kafka },
      objects: objects === undefined ? defaults.events.objects : { ...defaultObjects, ...objects },
    },
    sinks: { results: resolveSink('results', sinks), failures: resolveSink('failures', sinks) },
    telemetry: telemetry === false ? false : { ...defaults.telemetry, ...telemetry },
  };
}

function resolveSink(purpose: SinkPurpose, sinks: EventConfig['sinks'] & object): SinkSettings | null {
  const configured = sinks[purpose];
  if (configured === undefined) {
    return defaultSettings.sinks[purpose];
  }
  const defaults = defaultSinks[purpose];
  switch (configured.type) {
    case 'eventbridge':
      return { ...defaults.eventbridge, ...configured };
    case 's3':
      return { ...defaults.s3, ...configured };
    case 'dynamodb':
      return { ...defaults.dynamodb, ...configured };
    case 'gcs':
      return { ...defaults.gcs, ...configured };
    case 'webhook':
      return { ...defaults.webhook, ...configured };
    default:
      return configured;
  }
}

/**
 * The modules of lib/runtime that this config uses and that are loaded on first use, each in a file of its own. What is
 * not configured is not packed.
 */
export function chunksFor(
  { events, sinks }: EventSettings,
  { receivesEvents }: { receivesEvents: boolean },
): Chunk[] {
  const used = [sinks.results, sinks.failures].filter(item => item !== null);
  const chunks: Chunk[] = used.flatMap(({ type }) => (type === 'log' ? [] : [`sinks/${type}` as const]));
  for (const item of used) {
    const values = item.type === 'webhook' ? Object.values(item.headers) : [];
    for (const value of values.filter(value => typeof value === 'object')) {
      chunks.push(...secretChunks.flatMap(([kind, chunk]) => (kind in value ? [chunk] : [])));
    }
  }
  if (events.objects !== null) {
    const { store, format } = events.objects;
    if (receivesEvents) {
      chunks.push('objects/score-object', `objects/${store}`);
    }
    if (format === null || format === 'parquet') {
      chunks.push('objects/parquet');
    }
  }
  return [...new Set(chunks)].sort();
}

const secretChunks = Object.entries({
  secretsManager: 'secrets/secrets-manager',
  ssm: 'secrets/ssm',
  secretManager: 'secrets/secret-manager',
} as const satisfies Record<SecretKind, Chunk>);
