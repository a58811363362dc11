import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { lambdaInvocation } from '../../../lib/runtime/platform/invocation.ts';
import { findSource } from '../../../lib/runtime/sources/find-source.ts';
import { goodInputs } from './good-inputs.ts';
import { example, makeScratch, openWith, pressEcho } from './models.ts';

const scratch = makeScratch();
let fn: ColdpressFunction;

beforeAll(async () => {
  fn = openWith(await pressEcho(scratch.dir));
});

afterAll(() => scratch.remove());

type Event = ReturnType<typeof JSON.parse>;

const v2: Event = JSON.parse(readFileSync(join(example, 'event.json'), 'utf8'));

const apiGateway = {
  accountId: '1',
  apiId: 'a',
  stage: 'prod',
  requestId: 'r',
  resourcePath: '/{proxy+}',
  httpMethod: 'POST',
};

/** The same request as each kind of event brings it. */
const kinds: Record<
  string,
  (request: {
    method: string;
    path: string;
    headers: Record<string, string>;
    body: string;
    isBase64Encoded: boolean;
  }) => Event
> = {
  'http-v2': ({ method, path, ...rest }) => ({
    ...v2,
    ...rest,
    rawPath: path,
    requestContext: { ...v2.requestContext, http: { ...v2.requestContext.http, method, path } },
  }),
  'http-v1': ({ method, path, headers, ...rest }) => ({
    resource: '/{proxy+}',
    httpMethod: method,
    path,
    requestContext: { ...apiGateway, path: `/prod${path}` },
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    ...rest,
  }),
  'http-lattice': ({ headers, ...rest }) => ({
    version: '2.0',
    ...rest,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: { targetGroupArn: 'arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-1' },
  }),
  'http-alb': ({ method, path, headers, ...rest }) => ({
    httpMethod: method,
    path,
    headers,
    ...rest,
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/t/1' } },
  }),
};

/** The query `?outputs=no%20such` as each kind of event has it. */
const queries: Record<string, object> = {
  'http-v2': { rawQueryString: 'outputs=no%20such' },
  'http-v1': { multiValueQueryStringParameters: { outputs: ['no such'] } },
  'http-lattice': { queryStringParameters: { outputs: ['no such'] } },
  'http-alb': { queryStringParameters: { outputs: 'no%20such' } },
};

async function send(event: Event, remainingMs = 30_000): Promise<Event> {
  const source = await findSource(event);
  const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => remainingMs };
  return (await source.handle(event, fn, lambdaInvocation(context, {}))) as Event;
}

const body = JSON.stringify({ inputs: goodInputs() });
const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
const lowerCased = { 'content-type': 'application/json', accept: 'application/json' };
const request = { method: 'POST', path: '/v2/models/echo/infer', headers, body, isBase64Encoded: false };

describe.each(Object.entries(kinds))('%s', (name, toEvent) => {
  const own = request;

  test('is known by its own source', async () => {
    expect((await findSource(toEvent(own))).name).toBe(name);
  });

  test.each([false, true])('a body, base64: %s', async isBase64Encoded => {
    const sent = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
    const result = await send(toEvent({ ...own, body: sent, isBase64Encoded }));
    expect(result).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      isBase64Encoded: false,
    });
    expect(JSON.parse(result.body).outputs.map((output: Event) => output.data)).toEqual(
      goodInputs().map(input => input.data),
    );
  });

  test('raw tensors go back as base64', async () => {
    const asked = JSON.stringify({ inputs: goodInputs(), parameters: { binary_data_output: true } });
    const result = await send(
      toEvent({ ...own, headers: { 'content-type': 'application/json' }, body: asked }),
    );
    expect(result).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    const length = Number(result.headers['inference-header-content-length']);
    expect(
      JSON.parse(Buffer.from(result.body, 'base64').subarray(0, length).toString()).outputs,
    ).toHaveLength(goodInputs().length);
  });

  test('without a body', async () => {
    const event = { ...toEvent({ ...own, method: 'GET', path: '/v2/health/live' }), body: null };
    expect(await send(event)).toMatchObject({ statusCode: 200, body: '{"live":true}' });
  });

  test('without headers', async () => {
    const event = { ...toEvent(own), headers: undefined, multiValueHeaders: undefined };
    expect(await send(event)).toMatchObject({ statusCode: 200 });
  });

  test('a query', async () => {
    const event = { ...toEvent({ ...own, path: '/' }), ...queries[name] };
    const result = await send(event);
    expect(result).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(result.body).error).toContain('no output "no such"');
  });

  test('a body that lies about its base64', async () => {
    expect(await send(toEvent({ ...own, isBase64Encoded: true }))).toMatchObject({ statusCode: 400 });
  });

  test('the end of the invocation is the deadline', async () => {
    expect(await send(toEvent(own), 10)).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
  });
});

test('a load balancer with multi-value headers gets such back', async () => {
  const event = kinds['http-alb']!(request);
  const multiValueHeaders = {
    'content-type': ['application/json'],
    accept: ['text/plain', 'application/json'],
  };
  const result = await send({ ...event, headers: undefined, multiValueHeaders });
  expect(result).toMatchObject({
    statusCode: 200,
    multiValueHeaders: { 'content-type': ['application/json'] },
  });
  expect(result).not.toHaveProperty('headers');
});

const texts = goodInputs().map(input =>
  input.name === 'texts' ? { ...input, shape: [600], data: Array(600).fill('the same text') } : input,
);
const compressible = {
  ...request,
  headers: { ...lowerCased, 'accept-encoding': 'gzip' },
  body: JSON.stringify({ inputs: texts }),
};

test.each(['http-v2', 'http-alb'])('%s: a large answer is compressed', async name => {
  const result = await send(kinds[name]!(compressible));
  expect(result).toMatchObject({ isBase64Encoded: true, headers: { 'content-encoding': 'gzip' } });
  expect(JSON.parse(gunzipSync(Buffer.from(result.body, 'base64')).toString()).outputs).toHaveLength(
    goodInputs().length,
  );
});

test('a REST API, which would hand base64 on as it is, compresses by itself', async () => {
  expect(await send(kinds['http-v1']!(compressible))).toMatchObject({ isBase64Encoded: false });
});

const customDomain = { ...v2.requestContext, stage: '$default', domainName: 'api.example.com' };

/** `GET /v2` behind a base path that the event tells. */
const paths: [string, Event][] = [
  [
    'a REST API’s custom domain: the base path is before what the proxy parameter has',
    {
      ...kinds['http-v1']!({ ...request, method: 'GET', path: '/churn/v2' }),
      pathParameters: { proxy: 'v2' },
      requestContext: { ...apiGateway, path: '/churn/v2', domainName: 'api.example.com' },
    },
  ],
  [
    'a REST API’s custom domain, with a resource of its own',
    {
      ...kinds['http-v1']!({ ...request, method: 'GET', path: '/a/b/v2' }),
      resource: '/v2',
      pathParameters: null,
      requestContext: { ...apiGateway, domainName: 'api.example.com' },
    },
  ],
  [
    'an API mapping with routes',
    {
      ...kinds['http-v2']!({ ...request, path: '/churn/v2/' }),
      routeKey: 'ANY /{proxy+}',
      pathParameters: { proxy: 'v2' },
      requestContext: { ...customDomain, http: { method: 'GET' } },
    },
  ],
  [
    'an API mapping with routes, encoded',
    {
      ...kinds['http-v2']!({ ...request, path: '/ch%C3%BCrn/v2' }),
      routeKey: 'GET /v2',
      requestContext: { ...customDomain, http: { method: 'GET' } },
    },
  ],
  [
    'an HTTP API’s own domain has the stage',
    {
      ...kinds['http-v2']!({ ...request, path: '/prod/v2' }),
      requestContext: {
        ...v2.requestContext,
        stage: 'prod',
        domainName: 'a.execute-api.us-east-1.amazonaws.com',
        http: { method: 'GET' },
      },
    },
  ],
  [
    'another domain has not',
    {
      ...kinds['http-v2']!({ ...request, path: '/v2' }),
      requestContext: {
        ...v2.requestContext,
        stage: 'v2',
        domainName: 'example.com',
        http: { method: 'GET' },
      },
    },
  ],
  [
    'payload format 1.0 of an HTTP API has it',
    {
      ...kinds['http-v1']!({ ...request, method: 'GET', path: '/prod/v2' }),
      version: '1.0',
      requestContext: { ...apiGateway, domainName: 'a.execute-api.us-east-1.amazonaws.com' },
    },
  ],
  [
    'a REST API has not, though its stage may be called like a path',
    {
      ...kinds['http-v1']!({ ...request, method: 'GET', path: '/v2' }),
      requestContext: { ...apiGateway, stage: 'v2', domainName: 'a.execute-api.us-east-1.amazonaws.com' },
    },
  ],
  [
    'VPC Lattice has the query in it, in either version',
    { raw_path: '/v2?a=1', method: 'GET', headers: {}, body: '', is_base64_encoded: false },
  ],
];

test.each(paths)('%s', async (_, event) => {
  expect(await send(event)).toMatchObject({ statusCode: 200, body: expect.stringContaining('coldpress') });
});

describe('a base path that no event tells', () => {
  let based: ColdpressFunction;
  beforeAll(() => {
    based = openWith(join(scratch.dir, 'echo'), { http: { basePath: '/models/churn' } });
  });
  const ask = async (kind: string, path: string) => {
    const event = kinds[kind]!({ ...request, method: 'GET', path });
    const { statusCode } = (await (
      await findSource(event)
    ).handle(
      event,
      based,
      lambdaInvocation({ awsRequestId: 'r', getRemainingTimeInMillis: () => 30_000 }, {}),
    )) as Event;
    return statusCode;
  };

  test.each(['http-alb', 'http-v2'])('%s: a path with it and one without it are answered', async kind => {
    expect(await ask(kind, '/models/churn/v2/health/live')).toBe(200);
    expect(await ask(kind, '/v2/health/live')).toBe(200);
    // The root takes POST alone.
    expect(await ask(kind, '/models/churn')).toBe(405);
    expect(await ask(kind, '/models/churn/')).toBe(405);
    expect(await ask(kind, '/models/churned/v2')).toBe(404);
  });

  test('the root of an API mapping has no path at all', async () => {
    expect(await ask('http-v2', '')).toBe(405);
  });
});

test('what was scored is counted', async () => {
  const event = kinds['http-v2']!({ ...request, headers: lowerCased });
  const invocation = lambdaInvocation({ awsRequestId: 'r', getRemainingTimeInMillis: () => 30_000 }, {});
  const source = await findSource(event);
  await source.handle(event, fn, invocation);
  await source.handle({ ...event, rawPath: '/', body: '[{},{}]' }, fn, invocation);
  expect(invocation.tally).toEqual({ records: 4, failures: 2 });
  await source.handle({ ...event, body: '{"inputs":[]}' }, fn, invocation);
  expect(invocation.tally).toEqual({ records: 5, failures: 3 });
});

test('an answer past Lambda’s limit is refused by its own status', async () => {
  // Quotes double in the payload: what has 3 MB as a body does not fit.
  const inputs = goodInputs().map(input =>
    input.name === 'texts' ? { ...input, shape: [1], data: ['"'.repeat(1_600_000)] } : input,
  );
  const result = await send(
    kinds['http-v2']!({ ...request, headers: lowerCased, body: JSON.stringify({ inputs }) }),
  );
  expect(result).toMatchObject({
    statusCode: 413,
    body: expect.stringMatching(/more than AWS Lambda carries \(6291556\)/),
  });
});
