import { expect, test } from 'vitest';
import { parseManifest, SCHEMA_VERSION } from '../../lib/contract/manifest.ts';
import { type SettingsConfig, settingsOf } from '../settings.ts';

const cases: [name: string, config: SettingsConfig, expected: object][] = [
  [
    'an empty config',
    {},
    {
      http: {
        warmUp: false,
        docs: 'local',
        basePath: null,
        cors: null,
        limits: {
          bodyBytes: null,
          batch: 10_000,
          depth: 32,
          values: 2_097_152,
          stringLength: 8_388_608,
          elements: null,
        },
      },
      events: { maxBatch: 256, id: null, objects: null },
      sinks: { results: null, failures: null },
      telemetry: { namespace: 'coldpress', bodies: false },
    },
  ],
  [
    'a limit, and CORS',
    { http: { docs: false, limits: { batch: 1 }, cors: { origins: ['*'] } } },
    {
      http: {
        docs: false,
        cors: { origins: ['*'], headers: ['content-type'], methods: null, maxAge: null },
        limits: {
          bodyBytes: null,
          batch: 1,
          depth: 32,
          values: 2_097_152,
          stringLength: 8_388_608,
          elements: null,
        },
      },
    },
  ],
  [
    'objects of a bucket',
    { events: { id: 'customer', objects: { store: 's3' } } },
    {
      events: {
        maxBatch: 256,
        id: 'customer',
        objects: { store: 's3', format: null, prefix: 'scored/', bucket: null },
      },
    },
  ],
  ['telemetry that is off', { telemetry: false }, { telemetry: false }],
  [
    'telemetry with a namespace',
    { telemetry: { namespace: 'risk' } },
    { telemetry: { namespace: 'risk', bodies: false } },
  ],
  [
    'sinks to event buses',
    { sinks: { results: { type: 'eventbridge', bus: 'b' }, failures: { type: 'eventbridge', bus: 'b' } } },
    {
      sinks: { results: { source: 'coldpress', detailType: 'Result' }, failures: { detailType: 'Failure' } },
    },
  ],
  [
    'sinks to buckets',
    { sinks: { results: { type: 's3', bucket: 'b' }, failures: { type: 'gcs', bucket: 'b' } } },
    { sinks: { results: { prefix: 'results/' }, failures: { prefix: 'failures/' } } },
  ],
  [
    'a prefix of its own, and a table',
    {
      sinks: { results: { type: 's3', bucket: 'b', prefix: '' }, failures: { type: 'dynamodb', table: 't' } },
    },
    { sinks: { results: { prefix: '' }, failures: { key: 'id' } } },
  ],
  [
    'a webhook without headers',
    { sinks: { results: { type: 'webhook', url: 'https://a.example' } } },
    { sinks: { results: { headers: {} }, failures: null } },
  ],
];

test.each(cases)('the manifest holds every value: %s', (_, config, expected) => {
  const settings = settingsOf(config);
  expect(settings).toMatchObject(expected);
  expect(JSON.parse(JSON.stringify(settings))).toStrictEqual(settings);
});

test.each([
  ['an older version', { schemaVersion: SCHEMA_VERSION - 1 }, /schema version 1.*pack the model again/],
  ['a newer version', { schemaVersion: SCHEMA_VERSION + 1 }, /schema version 3/],
  ['anything else', [], /not a coldpress manifest/],
])('%s is refused', (_, value, message) => {
  expect(() => parseManifest(JSON.stringify(value))).toThrow(message);
});
