import { createServer } from 'node:http';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../lib/local/listen.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { host, tinyArtifact } from './tiny-artifact.ts';

/** Echoes a Function URL event, fails on `{"fail":…}`, and else echoes any event with its client context. */
const source = `export const handler = async (event, context) => {
  console.log('handling');
  if (event.fail) throw new RangeError(event.fail);
  if (!event.requestContext) return { event, client: context.clientContext };
  const { rawPath, cookies, body, isBase64Encoded, headers } = event;
  if (rawPath === '/bytes') {
    return { statusCode: 200, headers: { 'content-type': 'application/octet-stream' }, body, isBase64Encoded };
  }
  return { statusCode: 207, cookies: ['a=1', 'b=2'], body: JSON.stringify({ rawPath, cookies, type: headers['content-type'] }) };
};`;

let served: ServedArtifact;

beforeAll(async () => {
  served = await serveArtifact(await tinyArtifact(source), { host, port: 0 });
});
afterAll(() => served.close());

test('a signature is refused where the target has none', async () => {
  const serving = serveArtifact(await tinyArtifact(source), { host, port: 0, signature: 'cloudevent' });
  await expect(serving).rejects.toMatchObject({ code: 'OPTION_CONFLICT' });
});

describe('as a Function URL', () => {
  test('passes a request on and its answer back', async () => {
    const response = await fetch(`${served.url}/v2/models?x=1`, { headers: { cookie: 'c=3' } });
    expect(response.status).toBe(207);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toEqual({ rawPath: '/v2/models', cookies: ['c=3'] });
  });

  test('carries bytes both ways', async () => {
    const body = Buffer.from([0, 1, 254, 255]);
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await fetch(`${served.url}/bytes`, { method: 'POST', headers, body });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(body);
  });

  test('refuses a request over 6 MB', async () => {
    const response = await fetch(served.url, { method: 'POST', body: 'x'.repeat(6_291_457) });
    expect(response.status).toBe(413);
    // A binary body is base64 in the event.
    const headers = { 'content-type': 'application/octet-stream' };
    const bytes = await fetch(served.url, { method: 'POST', headers, body: Buffer.alloc(4_800_000) });
    expect(bytes.status).toBe(413);
    expect(await bytes.json()).toEqual({ Message: expect.stringContaining('6291456 bytes') });
  });

  test('tells the phases of the last cold start, on the page too', async () => {
    const timing = `let first = true;
export const handler = async event => {
  const headers = first ? { 'server-timing': 'boot;dur=21.5, model;dur=4' } : {};
  first = false;
  return { statusCode: 200, headers, body: '' };
};`;
    const phases = [
      { name: 'boot', ms: 21.5 },
      { name: 'model', ms: 4 },
    ];
    for (const path of ['/', '/2015-03-31/functions/tiny/invocations']) {
      const timed = await serveArtifact(await tinyArtifact(timing), { host, port: 0 });
      const health = async () => (await fetch(`${timed.url}/_coldpress/health`)).json();
      expect(await health()).toMatchObject({ cold: { initMs: expect.any(Number), phases: [] } });
      for (let round = 0; round < 2; round += 1) {
        await fetch(timed.url + path, { method: 'POST', body: '{}' });
        expect(await health()).toMatchObject({ cold: { phases } });
      }
      const page = await (await fetch(timed.playgroundUrl!)).text();
      expect(page).toContain(JSON.stringify(phases));
      await timed.close();
    }
  });

  test('keeps /_coldpress/ from the function', async () => {
    const health = await fetch(`${served.url}/_coldpress/health`);
    expect(await health.json()).toMatchObject({
      status: 'ok',
      name: 'tiny',
      cold: { initMs: expect.any(Number) },
    });
    expect((await fetch(`${served.url}/_coldpress/other`)).status).toBe(404);
  });
});

test('says when the port is taken', async () => {
  const port = Number(new URL(served.url).port);
  const refused = serveArtifact(await tinyArtifact(source), { host, port });
  await expect(refused).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE' });
});

test('says when the address is not one of this machine', async () => {
  await expect(listen(createServer(), 0, '192.0.2.1')).rejects.toMatchObject({
    code: 'PORT_UNAVAILABLE',
    hint: expect.stringContaining('--host'),
  });
});

test('is up after an INIT that failed, and answers as Lambda does then', async () => {
  const broken = await serveArtifact(await tinyArtifact('throw new Error("no model");'), { host, port: 0 });
  try {
    expect(broken.init.kind).toBe('failed');
    const response = await fetch(broken.url);
    expect([response.status, await response.text()]).toEqual([502, 'Internal Server Error']);
    expect((await fetch(`${broken.url}/_coldpress/health`)).status).toBe(503);
    expect(await (await fetch(broken.playgroundUrl!)).text()).toContain('"isUp":false');
  } finally {
    await broken.close();
  }
});

describe('as Lambda, for AWS’s own client', () => {
  let client: LambdaClient;
  beforeAll(() => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    client = new LambdaClient({ endpoint: served.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  });
  afterAll(() => client.destroy());

  const names = [
    'tiny',
    'tiny:$LATEST',
    'function:tiny',
    '123456789012:function:tiny',
    'arn:aws:lambda:us-east-1:123456789012:function:tiny',
  ];

  test.each(names)('invokes it by the name %s', async FunctionName => {
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: '{"n":1}' }));
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
    expect(JSON.parse(answer.Payload!.transformToString())).toEqual({ event: { n: 1 } });
  });

  test('hands on the client context, and an empty event where there is none', async () => {
    const ClientContext = Buffer.from('{"custom":{"k":"v"}}').toString('base64');
    const answer = await client.send(new InvokeCommand({ FunctionName: 'tiny', ClientContext }));
    expect(JSON.parse(answer.Payload!.transformToString())).toEqual({
      event: {},
      client: { custom: { k: 'v' } },
    });
  });

  test('marks a function’s error', async () => {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'tiny', Payload: '{"fail":"too far"}' }),
    );
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    const error = JSON.parse(answer.Payload!.transformToString());
    expect(error).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
  });

  test('returns the tail of the log', async () => {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'tiny', LogType: 'Tail', Payload: '{}' }),
    );
    const tail = Buffer.from(answer.LogResult!, 'base64').toString();
    expect(tail).toMatch(
      /^START RequestId: [\s\S]*\tINFO\thandling\nEND RequestId: .*\nREPORT RequestId: .*\n$/,
    );
    expect(tail).toContain(answer.$metadata.requestId);
  });

  const types = [
    ['Event', 202],
    ['DryRun', 204],
  ] as const;

  test.each(types)('answers InvocationType %s with %d', async (InvocationType, status) => {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'tiny', InvocationType, Payload: '{}' }),
    );
    expect(answer.StatusCode).toBe(status);
  });

  const refusals = [
    {
      name: 'another function',
      input: { FunctionName: 'other' },
      error: 'ResourceNotFoundException',
      status: 404,
    },
    {
      name: 'another version',
      input: { FunctionName: 'tiny', Qualifier: '7' },
      error: 'ResourceNotFoundException',
      status: 404,
    },
    {
      name: 'a payload over 6 MB',
      input: { FunctionName: 'tiny', Payload: JSON.stringify('x'.repeat(6_291_455)) },
      error: 'RequestTooLargeException',
      status: 413,
    },
    {
      name: 'an asynchronous payload over 1 MiB',
      input: {
        FunctionName: 'tiny',
        InvocationType: 'Event' as const,
        Payload: JSON.stringify('x'.repeat(1_048_575)),
      },
      error: 'RequestEntityTooLargeException',
      status: 413,
    },
    {
      name: 'a payload that is not JSON',
      input: { FunctionName: 'tiny', Payload: '{' },
      error: 'InvalidRequestContentException',
      status: 400,
    },
  ];

  test.each(refusals)('refuses $name', async ({ input, error, status }) => {
    const refused = client.send(new InvokeCommand(input));
    await expect(refused).rejects.toMatchObject({ name: error, $metadata: { httpStatusCode: status } });
  });
});
