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
  // A tabular model gains nothing beyond 256 rows, and a larger model should not run out of memory.
  events: { maxBatch: 256, id: null, kafka: { reportBatchItemFailures: false }, objects: null },
  sinks: { results: null, failures: null },
  telemetry: {
    namespace: 'coldpress',
    bodies: false,
    drift: { sample: 1 },
  } satisfies TelemetrySettings,
} satisfies Settings;

/** What a config may leave out of `http.cors`, where it has one. */
export const defaultCors = {
  headers: ['content-type'],
  methods: null,
  maxAge: null,
} satisfies Omit<CorsSettings, 'origins'>;

/** What a config may leave out of `events.objects`, where it has them. */
export const defaultObjects = {
  format: null,
  prefix: 'scored/',
  bucket: null,
} satisfies Omit<ObjectsSettings, 'store'>;

type Optional = {
  [Type in SinkSettings['type']]?: Partial<Omit<SinkSettings & { type: Type }, 'type'>>;
};

/** What a config may leave out of a sink. */
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

/** Between a model's answers on two CPUs; where samples expect another one, they say so. */
export const defaultTolerance = { relative: 1e-3, absolute: 1e-5 } satisfies Tolerance;
