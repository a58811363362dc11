import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDrift } from '../../lib/drift/drift.ts';
import { hasMoto, startMoto } from '../runtime/sinks/moto.ts';
import { countTraffic, dayMs, profile, telemetry } from './churn.ts';

const now = Date.now();
const options = {
  profile,
  sinceMs: now - dayMs,
  untilMs: now + dayMs,
  today: new Date(now),
  stdin: Readable.from([]),
};
const written = countTraffic({ rows: 120, shift: 1 }).map(drift =>
  telemetry(drift, { timeMs: now - 60_000, requestId: drift.id }),
);

describe.skipIf(!hasMoto)('a function on AWS (needs moto_server)', () => {
  let moto: { close: () => void };

  beforeAll(async () => {
    moto = await startMoto();
    const client = new CloudWatchLogsClient();
    const stream = { logGroupName: '/aws/lambda/churn', logStreamName: '2026/11/28/[7]0123' };
    await client.send(new CreateLogGroupCommand({ logGroupName: stream.logGroupName }));
    await client.send(new CreateLogStreamCommand(stream));
    const messages = ['START RequestId: 1 Version: 7', ...written.map(line => JSON.stringify(line))];
    const logEvents = messages.map(message => ({ message, timestamp: now - 60_000 }));
    await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
  }, 60_000);

  afterAll(() => moto?.close());

  test('its log group is read, with the version of its streams', async () => {
    const report = await findDrift({ ...options, sources: ['churn'] });
    expect(report.current).toMatchObject({ rows: 120, versions: ['7'] });
    expect(report.columns.filter(({ drifted }) => drifted).map(({ name }) => name)).toEqual(['charges']);
    expect(report.entries.kinds).toMatchObject({ counted: 120, broken: 0 });
  });

  test('a function that is not there', async () => {
    const found = findDrift({ ...options, sources: ['other'] });
    await expect(found).rejects.toMatchObject({ code: 'AWS_LOGS_NOT_FOUND' });
  });
});

test('a function on Google Cloud, page by page', async () => {
  const requests: { filter: string; pageToken?: string }[] = [];
  const entries = written.map((jsonPayload, index) => ({
    insertId: `${index}`,
    logName: 'projects/p/logs/stdout',
    jsonPayload,
    timestamp: new Date(now).toISOString(),
    resource: { labels: { revision_name: 'churn-00002' } },
  }));
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as (typeof requests)[number];
    requests.push(body);
    const page =
      body.pageToken === undefined
        ? { entries: entries.slice(0, 100), nextPageToken: 'next' }
        : { entries: entries.slice(100) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const place = { project: 'p', region: 'europe-west1', endpointUrl };
    const report = await findDrift({ ...options, ...place, sources: ['churn'] });
    expect(report.current).toMatchObject({ rows: 120, versions: ['churn-00002'] });
    expect(requests.map(({ pageToken }) => pageToken)).toEqual([undefined, 'next']);
    expect(requests[0]!.filter).toContain('resource.labels.service_name="churn"');
  } finally {
    server.close();
  }
});
