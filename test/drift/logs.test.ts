import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readLog } from '../../lib/drift/logs/read-log.ts';
import { sumEntries } from '../../lib/drift/logs/sum-entries.ts';
import { folder } from '../cli/coldpress.ts';
import { lines, profile, rows, sums } from './example.ts';

const dir = folder('logs');
const timeMs = Date.parse('2026-11-28T12:00:00.000Z');
const stream = '2026/11/28/[7]0123456789abcdef';

/** Lines of a function, of which the last is the first again. */
const written = lines.map((drift, index) => ({
  _aws: { Timestamp: timeMs + index, CloudWatchMetrics: [] },
  function: 'churn',
  requestId: `r${index}`,
  modelSha256: profile.model.sha256,
  drift,
}));
const messages = written.map(line => JSON.stringify(line));
const events = messages.map((message, index) => ({
  id: `e${index}`,
  timestamp: timeMs + index,
  message: `${message}\n`,
}));
const delivery = JSON.stringify({
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: '/aws/lambda/churn',
  logStream: stream,
  subscriptionFilters: ['all'],
  logEvents: events,
});
const entries = written.map((jsonPayload, index) => ({
  insertId: `i${index}`,
  logName: 'projects/p/logs/run.googleapis.com%2Fstdout',
  jsonPayload,
  severity: 'INFO',
  timestamp: new Date(timeMs + index).toISOString(),
  resource: { type: 'cloud_run_revision', labels: { service_name: 'churn', revision_name: '7' } },
}));
const insights = messages.map(message => [
  { field: '@timestamp', value: '2026-11-28 12:00:00.000' },
  { field: '@message', value: message },
  { field: '@logStream', value: stream },
  { field: '@ptr', value: 'CmEK' },
]);
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

const shapes: [name: string, content: string | Buffer, version: string][] = [
  ['JSON Lines', messages.join('\n'), ''],
  ['JSON Lines with a byte order mark and CRLF', `\uFEFF${messages.join('\r\n')}\r\n`, ''],
  ['an export to S3', gzipSync(messages.map(text => `2026-11-28T12:00:00.000Z ${text}\n`).join('')), ''],
  [
    'aws logs tail',
    messages.map(text => `2026-11-28T12:00:00.000000+00:00 ${stream} ${text}`).join('\n'),
    '7',
  ],
  ['a delivery of a subscription', delivery, '7'],
  ['deliveries of Firehose, one after another', gzipSync(delivery + delivery), '7'],
  [
    'the event of a subscription',
    JSON.stringify({ awslogs: { data: gzipSync(delivery).toString('base64') } }),
    '7',
  ],
  [
    'aws logs filter-log-events',
    JSON.stringify(
      { events: events.map(event => ({ ...event, logStreamName: stream, eventId: event.id })) },
      null,
      4,
    ),
    '7',
  ],
  ['aws logs get-query-results', JSON.stringify({ results: insights, status: 'Complete' }, null, 4), '7'],
  [
    'CSV of Logs Insights',
    [
      '@timestamp,@message,@logStream',
      ...messages.map(text => `2026-11-28 12:00:00.000,${quoted(text)},${stream}`),
    ].join('\n'),
    '7',
  ],
  [
    'JSON of Logs Insights',
    JSON.stringify(
      written.map(line => ({
        '@timestamp': '2026-11-28 12:00:00.000',
        '@message': line,
        '@logStream': stream,
      })),
    ),
    '7',
  ],
  ['gcloud logging read --format=json', JSON.stringify(entries, null, 2), '7'],
  ['a sink of Cloud Logging', entries.map(entry => JSON.stringify(entry)).join('\n'), '7'],
  ['entries.list', JSON.stringify({ entries, nextPageToken: '' }), '7'],
];

const window = { profile, sinceMs: 0, untilMs: Number.POSITIVE_INFINITY };
const sumText = (content: string | Buffer, options = window) =>
  sumEntries(readLog('-', Readable.from([Buffer.from(content)])), options);

test.each(shapes)('%s', async (_, content, version) => {
  const { periods, entries } = await sumText(content);
  expect(periods).toEqual([{ day: '2026-11-28', version, rows, slots: sums }]);
  expect(entries.kinds).toMatchObject({ counted: 4, broken: 0, foreign: 0 });
});

test.each(shapes)('%s, twice, counts once', async (_, content) => {
  const file = join(dir, 'log');
  writeFileSync(file, content);
  const twice = async function* () {
    yield* readLog(file, process.stdin);
    yield* readLog(file, process.stdin);
  };
  const { periods, entries } = await sumEntries(twice(), window);
  expect(periods[0]!.slots).toEqual(sums);
  expect(entries.kinds.duplicated).toBeGreaterThanOrEqual(6);
  expect(entries.examples.duplicated).toHaveLength(3);
});

const [first] = written;
const without = { ...first, drift: undefined };
const odd: [what: string, line: string, kind: string][] = [
  ['a line that was cut', messages[0]!.slice(0, -5), 'broken'],
  [
    'counts beyond the columns',
    JSON.stringify({ ...first, drift: { ...lines[0], from: 3, counts: 'f' } }),
    'broken',
  ],
  [
    'counts of a slot that there is not',
    JSON.stringify({ ...first, drift: { ...lines[0], counts: 'Z' } }),
    'broken',
  ],
  ['counts that are no text', JSON.stringify({ ...first, drift: { ...lines[0], counts: 7 } }), 'broken'],
  ['negative rows', JSON.stringify({ ...first, drift: { ...lines[0], rows: -1 } }), 'broken'],
  ['another version of counts', JSON.stringify({ ...first, drift: { ...lines[0], v: 2 } }), 'broken'],
  [
    'another profile',
    JSON.stringify({ ...first, drift: { ...lines[0], profile: 'ffffffffffff' } }),
    'otherProfile',
  ],
  ['no counts', JSON.stringify(without), 'uncounted'],
  ['a line of Lambda', 'START RequestId: 1 Version: 7', 'foreign'],
  ['a line of somebody else', '{"level":"info","message":"hello {"}', 'foreign'],
  ['a number', '42', 'foreign'],
  ['a result', '{"coldpress":"result","id":"a","result":1}', 'results'],
  // What a score that logs its records lets a caller write.
  [
    'counts of ten million letters',
    JSON.stringify({ ...first, drift: { ...lines[0], counts: 'a'.repeat(1e7) } }),
    'broken',
  ],
  ['a deep array', `${'['.repeat(1e5)}1${']'.repeat(1e5)}`, 'foreign'],
  ['a delivery that is not compressed', '{"awslogs":{"data":"AAAA"}}', 'foreign'],
  ['a long word', 'a'.repeat(1e6), 'foreign'],
  ['many brackets', '['.repeat(1e6), 'foreign'],
];

test.each(odd)('%s is counted as such', async (_, line, kind) => {
  const { periods, entries } = await sumText(`${line}\n`);
  expect(entries.kinds).toMatchObject({ [kind]: 1 });
  expect([entries.read, periods]).toEqual([1, []]);
});

test('separates functions, versions, cut and repeated lines in one stream', async () => {
  const other = { ...first, function: 'fraud', drift: { ...lines[0], profile: 'ffffffffffff', id: 'aa.1' } };
  const canary = { ...first, function: 'churn-canary', drift: { ...lines[0], id: 'bb.1' } };
  const event = (value: object | string, version: number) =>
    JSON.stringify({
      timestamp: timeMs,
      logStreamName: `2026/11/28/[${version}]0123`,
      message: typeof value === 'string' ? value : JSON.stringify(value),
    });
  const cut = `${JSON.stringify({ ...canary, event: 'x'.repeat(300_000) }).slice(0, 262_144)}`;
  const mixed = [event(first!, 7), event(other, 7), event(canary, 8), event(cut, 8), event(first!, 7)];
  const { periods, entries } = await sumText(mixed.join('\n'));
  expect(entries.kinds).toMatchObject({ counted: 2, otherProfile: 1, broken: 1, duplicated: 1 });
  expect(entries.functions).toEqual(['churn', 'churn-canary']);
  expect(periods.map(({ version, rows }) => [version, rows])).toEqual([
    ['7', 1],
    ['8', 1],
  ]);
});

test('what is outside of the window is not summed; a retry of a request without counts is one', async () => {
  const { entries } = await sumText(messages.join('\n'), { ...window, sinceMs: timeMs + 2 });
  expect(entries.kinds).toMatchObject({ outsideWindow: 2, counted: 3, duplicated: 0 });
  const retried = [without, without].map(line => JSON.stringify(line)).join('\n');
  expect((await sumText(retried)).entries.kinds).toMatchObject({ uncounted: 1, duplicated: 1 });
});

test('versions of what runs are read', async () => {
  const { running } = await sumText(
    [
      'INIT_START Runtime Version: nodejs:24.v12\tRuntime Version ARN: arn:aws:lambda:eu-central-1::runtime:0',
      '{"time":"2026-11-28T12:00:00.000Z","type":"platform.initStart","record":{"runtimeVersion":"nodejs:20.v9"}}',
      JSON.stringify({ ...first, versions: { node: '24.11.1', coldpress: '0.1.0', onnxruntime: '1.30.0' } }),
    ].join('\n'),
  );
  expect(running).toEqual({
    runtime: { 'nodejs:24.v12': 1, 'nodejs:20.v9': 1 },
    node: { '24.11.1': 1 },
    coldpress: { '0.1.0': 1 },
    onnxruntime: { '1.30.0': 1 },
    modelSha256: { [profile.model.sha256]: 1 },
  });
});
