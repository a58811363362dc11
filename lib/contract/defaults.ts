import type {
  CorsSettings,
  ObjectsSettings,
  Settings,
  SinkPurpose,
  SinkSettings,
  TelemetrySettings,
} from './settings.ts';
import type { Tolerance } from './tolerance.ts';

/** The settings of an empty config. */
export const defaultSettings = {
  http: {
    warmUp: false,
    docs: 'local',
    streaming: false,
    basePath: null,
    cors: null,
    limits: {
      bodyBytes: null,
      batch: 10_000,
      depth: 32,
      values: 2 ** 21,
      stringLength: 2 ** 23,
      elements: null,
    },
  },
  // Tabular models gain nothing from more than 256 rows, and larger models should not run out of memory.
  events: { maxBatch: 256, id: null, kafka: { reportBatchItemFailures: false }, objects: null },
  sinks: { results: null, failures: null },
  telemetry: {
    namespace: 'coldpress',
    bodies: false,
    drift: { sample: 1 },
  } satisfies TelemetrySettings,
} satisfies Settings;

/** Defaults of `http.cors`, if a config sets it. */
export const defaultCors = {
  headers: ['content-type'],
  methods: null,
  maxAge: null,
} satisfies Omit<CorsSettings, 'origins'>;

/** Defaults of `events.objects`, if a config sets it. */
export const defaultObjects = {
  format: null,
  prefix: 'scored/',
  bucket: null,
} satisfies Omit<ObjectsSettings, 'store'>;

type Optional = {
  [Type in SinkSettings['type']]?: Partial<Omit<SinkSettings & { type: Type }, 'type'>>;
};

/** Defaults of sinks. */
export const defaultSinks = {
  results: {
    eventbridge: { source: 'coldpress', detailType: 'Result' },
    s3: { prefix: 'results/' },
    dynamodb: { key: 'id' },
    gcs: { prefix: 'results/' },
    webhook: { headers: {} },
  },
  failures: {
    eventbridge: { source: 'coldpress', detailType: 'Failure' },
    s3: { prefix: 'failures/' },
    dynamodb: { key: 'id' },
    gcs: { prefix: 'failures/' },
    webhook: { headers: {} },
  },
} satisfies Record<SinkPurpose, Optional>;

/** Allowed difference between a model's answers on two CPUs, unless samples set another. */
export const defaultTolerance = { relative: 1e-3, absolute: 1e-5 } satisfies Tolerance;
