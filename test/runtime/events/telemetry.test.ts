import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../lib/contract/manifest.ts';
import type { Watch } from '../../../lib/runtime/counting/watch.ts';
import type { Model } from '../../../lib/runtime/open-model.ts';
import { cloudLoggingLine } from '../../../lib/runtime/telemetry/cloud-logging.ts';
import { emfLine } from '../../../lib/runtime/telemetry/emf.ts';
import type { FormatLine } from '../../../lib/runtime/telemetry/observation.ts';
import { observer } from '../../../lib/runtime/telemetry/observe.ts';
import { formatTraceparent, formatXRay, parseTrace } from '../../../lib/runtime/telemetry/trace.ts';
import { type SettingsConfig, settingsOf } from '../../settings.ts';
import { newInvocation } from './lookup-function.ts';

const xray = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
const w3c = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';

const nothing: Pick<Watch, 'take'> = { take: () => [] };

function start(
  format: FormatLine,
  telemetry?: SettingsConfig['telemetry'],
  { watch = nothing, engine = 'onnxruntime' } = {},
) {
  const lines: string[] = [];
  const settings = settingsOf(telemetry === undefined ? {} : { telemetry });
  const manifest = {
    name: 'm',
    model: { sha256: 'abc' },
    engine: { name: engine },
    versions: { coldpress: '1.0.0', node: '24', onnxruntime: '1.30.0' },
    ...settings,
  };
  const model = { manifest, phases: { boot: 1.23456, native: 2, model: 3 } } as Model<Manifest>;
  const env = { AWS_LAMBDA_FUNCTION_NAME: 'f', GOOGLE_CLOUD_PROJECT: 'p' };
  const observe = observer(model, { format, watch, write: line => lines.push(line), env });
  const run = (result: unknown = undefined, isAnswer = false) =>
    observe(newInvocation({ trace: parseTrace(w3c), tally: { records: 2, failures: 1 } }), 'sqs', {
      event: { secret: 'x' },
      run: async () => {
        if (result instanceof Error) {
          throw result;
        }
        return result;
      },
      ...(isAnswer && { returnsAnswer: true }),
    });
  return { run, reported: () => lines.map(line => JSON.parse(line)) };
}

test('a trace is the same in either form', () => {
  expect(parseTrace(xray)).toEqual(parseTrace(w3c));
  expect(formatTraceparent(parseTrace(xray)!)).toBe(w3c);
  expect(formatXRay(parseTrace(w3c)!)).toBe(xray);
  expect(parseTrace('Root=1-5759e988-bd862e3fe1be46a994272793')).toBeUndefined();
  expect(parseTrace(undefined)).toBeUndefined();
});

test('CloudWatch: metrics in the embedded format, the cold start once, no event', async () => {
  const { run, reported } = start(emfLine);
  await run({ statusCode: 200 });
  await run();
  expect(reported()[0]).toMatchObject({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [{ Namespace: 'coldpress', Dimensions: [['function']] }],
    },
    function: 'f',
    source: 'sqs',
    records: 2,
    failures: 1,
    cold: 1,
    status: 200,
    requestId: 'test',
    phases: { boot: 1.235, native: 2, model: 3 },
    model: 'm',
    modelSha256: 'abc',
    latencyMs: expect.any(Number),
    traceId: '5759e988bd862e3fe1be46a994272793',
  });
  for (const { Name } of reported()[0]._aws.CloudWatchMetrics[0].Metrics) {
    expect(reported()[0][Name]).toEqual(expect.any(Number));
  }
  expect(reported()[1]).toMatchObject({ cold: 0 });
  expect(JSON.stringify(reported())).not.toContain('secret');
});

test('Cloud Logging: severity and trace', async () => {
  const { run, reported } = start(cloudLoggingLine);
  await expect(run(new TypeError('with a body inside'))).rejects.toThrow();
  await run();
  expect(reported()).toMatchObject([
    {
      severity: 'ERROR',
      error: 'TypeError',
      'logging.googleapis.com/trace': 'projects/p/traces/5759e988bd862e3fe1be46a994272793',
    },
    { severity: 'WARNING', message: expect.stringMatching(/^sqs: 2 records, 1 failures, [\d.]+ ms$/) },
  ]);
  expect(JSON.stringify(reported())).not.toContain('body inside');
});

test('off, and with the event', async () => {
  const off = start(emfLine, false);
  await off.run();
  expect(off.reported()).toEqual([]);
  const bodies = start(emfLine, { bodies: true, namespace: 'risk' });
  await bodies.run();
  expect(bodies.reported()).toMatchObject([
    { event: { secret: 'x' }, _aws: { CloudWatchMetrics: [{ Namespace: 'risk' }] } },
  ]);
});

test('a compiled model names no ONNX Runtime, which it does not have', async () => {
  const versions = async (engine: string) => {
    const { run, reported } = start(emfLine, undefined, { engine });
    await run();
    return Object.keys(reported()[0].versions).sort();
  };
  expect(await versions('onnxruntime')).toEqual(['coldpress', 'node', 'onnxruntime']);
  expect(await versions('compiled')).toEqual(['coldpress', 'node']);
});

describe('an answer that the runtime client sends precedes its line', () => {
  const drift = { v: 1 as const, profile: 'p', id: 'i.1', rows: 1, counts: 'd' };
  const watch = { take: () => [drift] };

  test('with the counts', async () => {
    const { run, reported } = start(emfLine, undefined, { watch });
    const answer = await run({ statusCode: 200 }, true);
    expect(reported()).toEqual([]);
    expect(JSON.stringify(answer)).toBe('{"statusCode":200}');
    await Promise.resolve();
    expect(reported()).toMatchObject([{ _aws: {}, status: 200, cold: 1, drift }]);
    expect(JSON.stringify(answer)).toBe('{"statusCode":200}');
    expect(reported()).toHaveLength(1);
  });

  test.each<[string, answer: unknown, json: string | undefined]>([
    ['an instance of a class with a toJSON', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['an object with a toJSON', { toJSON: () => 1 }, '1'],
    ['a list', [1, 2], '[1,2]'],
    ['a frozen object', Object.freeze({ a: 1 }), '{"a":1}'],
    ['nothing', undefined, undefined],
  ])('%s', async (_, returned, json) => {
    const { run, reported } = start(emfLine, undefined, { watch });
    expect(JSON.stringify(await run(returned, true))).toBe(json);
    await Promise.resolve();
    expect(reported()).toMatchObject([{ drift }]);
  });

  test('a copy that is sent in its place cannot be noticed, so the line follows soon', async () => {
    const { run, reported } = start(emfLine, undefined, { watch });
    const answer = await run({ statusCode: 200 }, true);
    expect(JSON.stringify({ ...(answer as object) })).toBe('{"statusCode":200}');
    await expect.poll(reported).toMatchObject([{ drift }]);
    expect(JSON.stringify(answer)).toBe('{"statusCode":200}');
    expect(reported()).toHaveLength(1);
  });
});
