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
]);

/** Where what events bring goes to. */
export const sinksSchema = v.strictObject({
  /** Default: nowhere, which the log says once. */
  results: v.exactOptional(sink),
  /** Takes records that can never succeed. Default: none; they fail in the source's own way. */
  failures: v.exactOptional(sink),
});

export const eventsSchema = v.strictObject({
  /** Most records of one run. Default: 256. */
  maxBatch: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000))),
  /** A field of the record that identifies it in results and failures. Default: the source's own identifier. */
  id: v.exactOptional(text),
  kafka: v.exactOptional(
    v.strictObject({
      /**
       * Answer with the records that failed, which Lambda understands if the mapping has provisioned pollers and
       * `ReportBatchItemFailures`. Default: `false`, a failed record fails its batch.
       */
      reportBatchItemFailures: v.exactOptional(v.boolean()),
    }),
  ),
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
});

/** One line of JSON an invocation, with metrics. Default: on; `false` turns it off. */
export const telemetrySchema = v.union([
  v.literal(false),
  v.strictObject({
    /** Of the CloudWatch metrics. Default: `coldpress`. */
    namespace: v.exactOptional(text),
    /** Also logs the whole event, with whatever it holds. Default: `false`. */
    bodies: v.exactOptional(v.boolean()),
    /**
     * Counts what the model sees by the bins of the profile, for `coldpress drift`; docs/drift.md. `sample` is the share of
     * rows that is counted. Default: `{ sample: 1 }`; `false` turns it off.
     */
    drift: v.exactOptional(
      v.union([
        v.literal(false),
        v.strictObject({
          sample: v.pipe(v.number(), v.gtValue(0, 'above 0'), v.maxValue(1)),
        }),
      ]),
    ),
  }),
]);

type EventSettings = Pick<Settings, 'events' | 'sinks' | 'telemetry'>;

/** The sections above, as a config has them. */
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
 * The modules of lib/runtime that this config makes use of and that are loaded when first used, each a file of its
 * own in the function: what is not configured is not carried.
 */
export function chunksFor(
  { events, sinks }: EventSettings,
  { takesEvents }: { takesEvents: boolean },
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
    if (takesEvents) {
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
