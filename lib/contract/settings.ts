/**
 * What a config decides for run time. A manifest holds every value: packing applies the defaults of `defaults.ts`, and
 * whatever reads a manifest knows none. `null` means "none", and each field says what that comes to.
 */
export interface Settings {
  http: HttpSettings;
  events: EventsSettings;
  sinks: SinksSettings;
  /** `false` turns it off. */
  telemetry: false | TelemetrySettings;
}

/** A value that is known when packing, or that the deployment passes as an environment variable. */
export type Setting = string | { env: string };

/** Where a secret is kept; it is read when first used and appears in no template, manifest or log. */
export type SecretReference = { [Kind in SecretKind]: Record<Kind, Setting> }[SecretKind];

export type SecretKind = 'secretsManager' | 'ssm' | 'secretManager';

/** How the function answers HTTP. */
export interface HttpSettings {
  /** Whether one inference runs in INIT. */
  warmUp: boolean;
  /** Whether `GET /` returns a page; `local` means only under `coldpress serve`. */
  docs: boolean | 'local';
  /** Whether AWS Lambda streams answers to Function URLs and REST APIs, which must be set to that. */
  streaming: boolean;
  /** What the paths of requests may begin with, before those of the function: `/churn`; `null`: nothing. */
  basePath: string | null;
  /** `null`: pages of other origins may not call. */
  cors: CorsSettings | null;
  limits: LimitSettings;
}

export interface CorsSettings {
  /** `https://host`, or `*` for all. */
  origins: string[];
  /** Headers that a page may send. */
  headers: string[];
  /** `null`: those of the path. */
  methods: string[] | null;
  /** Seconds that a browser may keep a preflight's answer; `null`: the browser's own default. */
  maxAge: number | null;
}

/** The most that a request may have. */
export interface LimitSettings {
  /** Of a body after it is inflated; `null`: a 24th of V8's heap, at least 1 MiB. The platform's own limit holds in any case. */
  bodyBytes: number | null;
  /** Records, or the first dimension of a tensor. */
  batch: number;
  /** Arrays and objects within one another. */
  depth: number;
  /** Values of JSON, cells of CSV; an array, an object or a row counts as 4, a string that is new as 16. */
  values: number;
  /** Characters of one string. */
  stringLength: number;
  /**
   * Of the largest tensor that the model makes of a request, an event's records, or whatever else it runs for; a string
   * counts as 8. `null`: a 24th of the bytes that V8's heap may take.
   */
  elements: number | null;
}

/** How events of queues, streams and buckets are scored. */
export interface EventsSettings {
  /** Most records of one run. */
  maxBatch: number;
  /** The field of a record that identifies it in results and failures; `null`: the source's own identifier. */
  id: string | null;
  kafka: KafkaSettings;
  /** `null`: events that bring objects are refused. */
  objects: ObjectsSettings | null;
}

/** How batches of Kafka are answered. */
export interface KafkaSettings {
  /** Whether the answer names the records that failed; `false`: a record that fails fails its batch. */
  reportBatchItemFailures: boolean;
}

/** How objects of a bucket are read, and where their results are written. */
export interface ObjectsSettings {
  /** Whose buckets. */
  store: 's3' | 'gcs';
  /** `null`: by the ending of the key. */
  format: ObjectFormat | null;
  /** What the keys of results begin with; keys that do are never scored. */
  prefix: string;
  /** Bucket of the results; `null`: the bucket of the object. */
  bucket: Setting | null;
}

/** `bytes` passes `{ key, bytes }` to the score. */
export type ObjectFormat = 'csv' | 'jsonl' | 'json' | 'parquet' | 'bytes';

/** Where results and failures of events go. */
export interface SinksSettings {
  /** `null`: nowhere, which the log says once. */
  results: SinkSettings | null;
  /** Takes records that can never succeed; `null`: they fail in the source's own way. */
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

/** One line of JSON per invocation, with metrics. */
export interface TelemetrySettings {
  /** Of the CloudWatch metrics. */
  namespace: string;
  /** Whether the line also holds the whole event. */
  bodies: boolean;
  /** Counts for drift, where the function has a profile; `false`: none. */
  drift: false | DriftSettings;
}

/** How rows are counted by the bins of the profile. */
export interface DriftSettings {
  /** The share of rows that is counted, chosen at random; above 0, at most 1. */
  sample: number;
}
