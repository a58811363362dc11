/**
 * Settings of a config that apply at run time. A manifest contains every value: packing applies the defaults of
 * `defaults.ts`, so readers of a manifest need none. `null` means "none", and each field documents the effect.
 */
export interface Settings {
  http: HttpSettings;
  events: EventsSettings;
  sinks: SinksSettings;
  /** `false` disables telemetry. */
  telemetry: false | TelemetrySettings;
}

/** A value known when packing, or an environment variable that the deployment sets. */
export type Setting = string | { env: string };

/** Where a secret is stored. It is read on first use and appears in no template, manifest or log. */
export type SecretReference = { [Kind in SecretKind]: Record<Kind, Setting> }[SecretKind];

export type SecretKind = 'secretsManager' | 'ssm' | 'secretManager';

/** How the function answers HTTP. */
export interface HttpSettings {
  /** Whether one inference runs in INIT. */
  warmUp: boolean;
  /** Whether `GET /` returns a page; `local` means only under `coldpress serve`. */
  docs: boolean | 'local';
  /** Whether AWS Lambda streams answers to Function URLs and REST APIs, which must be configured for it. */
  streaming: boolean;
  /** A prefix that request paths may have before the function's own: `/churn`; `null`: none. */
  basePath: string | null;
  /** `null`: pages of other origins cannot call the function. */
  cors: CorsSettings | null;
  limits: LimitSettings;
}

export interface CorsSettings {
  /** `https://host`, or `*` for all. */
  origins: string[];
  /** Headers that a page is allowed to send. */
  headers: string[];
  /** `null`: the methods of the path. */
  methods: string[] | null;
  /** How long a browser may cache the answer to a preflight, in seconds; `null`: the browser's own default. */
  maxAge: number | null;
}

/** Maximum sizes of a request. */
export interface LimitSettings {
  /** Bytes of a decompressed body; `null`: 1/24 of V8's heap, at least 1 MiB. The platform's limit also applies. */
  bodyBytes: number | null;
  /** Number of records, or the first dimension of a tensor. */
  batch: number;
  /** Nesting of arrays and objects. */
  depth: number;
  /** Number of JSON values or CSV cells; an array, an object or a row counts as 4, a string not seen before as 16. */
  values: number;
  /** Characters per string. */
  stringLength: number;
  /**
   * Elements of the largest tensor that the model makes in any run, for a request or an event's records; a string
   * counts as 8. `null`: 1/24 of the bytes of V8's heap.
   */
  elements: number | null;
}

/** How events of queues, streams and buckets are scored. */
export interface EventsSettings {
  /** Maximum number of records per run. */
  maxBatch: number;
  /** The field of a record that identifies it in results and failures; `null`: the source's own identifier. */
  id: string | null;
  kafka: KafkaSettings;
  /** `null`: events with objects are rejected. */
  objects: ObjectsSettings | null;
}

/** How batches from Kafka are answered. */
export interface KafkaSettings {
  /** Whether the answer names the failed records; `false`: one failed record fails its batch. */
  reportBatchItemFailures: boolean;
}

/** How objects in a bucket are read, and where their results are written. */
export interface ObjectsSettings {
  /** The storage service of the buckets. */
  store: 's3' | 'gcs';
  /** `null`: by the extension of the key. */
  format: ObjectFormat | null;
  /** Prefix of the keys of results; objects whose keys have it are never scored. */
  prefix: string;
  /** Bucket for results; `null`: the object's own bucket. */
  bucket: Setting | null;
}

/** `bytes` passes `{ key, bytes }` to the score. */
export type ObjectFormat = 'csv' | 'jsonl' | 'json' | 'parquet' | 'bytes';

/** Where results and failures of events go. */
export interface SinksSettings {
  /** `null`: results are dropped, which is logged once. */
  results: SinkSettings | null;
  /** Receives records that can never succeed; `null`: they fail in the way of their source. */
  failures: SinkSettings | null;
}

export type SinkPurpose = keyof SinksSettings;

export type SinkSettings =
  | { type: 'sqs'; queueUrl: Setting }
  | { type: 'sns'; topicArn: Setting }
  | { type: 'eventbridge'; bus: Setting; source: string; detailType: string }
  | { type: 's3'; bucket: Setting; prefix: string }
  | { type: 'dynamodb'; table: Setting; key: string }
  | { type: 'pubsub'; topic: Setting }
  | { type: 'gcs'; bucket: Setting; prefix: string }
  | { type: 'webhook'; url: Setting; headers: Record<string, Setting | SecretReference> }
  | { type: 'log' };

/** One line of JSON with metrics per invocation. */
export interface TelemetrySettings {
  /** Namespace of the CloudWatch metrics. */
  namespace: string;
  /** Whether the line also contains the whole event. */
  bodies: boolean;
  /** Drift counts, if the function has a profile; `false`: none. */
  drift: false | DriftSettings;
}

/** How rows are counted in the bins of the profile. */
export interface DriftSettings {
  /** The share of rows counted, chosen at random; above 0, at most 1. */
  sample: number;
}
