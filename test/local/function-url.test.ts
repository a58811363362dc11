import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { toFunctionUrlEvent } from '../../lib/local/function-url.ts';
import { fromFunctionAnswer } from '../../lib/local/function-url-response.ts';

interface RequestCase {
  name: string;
  method?: string;
  url?: string;
  headers?: IncomingHttpHeaders;
  body?: Buffer | string;
  /** Fields of the event; `undefined` where there must be none. */
  event: Record<string, unknown>;
}

const requests: RequestCase[] = [
  {
    name: 'path and query as sent, parameters decoded and joined',
    url: '/v2/a%20b?x=1&y=a%2Bb&x=2',
    event: {
      rawPath: '/v2/a%20b',
      rawQueryString: 'x=1&y=a%2Bb&x=2',
      queryStringParameters: { x: '1,2', y: 'a+b' },
    },
  },
  { name: 'no query', url: '/', event: { rawQueryString: '', queryStringParameters: undefined } },
  {
    name: 'headers that came twice, and cookies apart',
    headers: { 'x-many': ['1', '2'], cookie: 'a=1; b=2' },
    event: {
      headers: { 'x-many': '1,2', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' },
      cookies: ['a=1', 'b=2'],
    },
  },
  { name: 'no body', event: { body: undefined, isBase64Encoded: false } },
  {
    name: 'JSON as text',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{"é":1}',
    event: { body: '{"é":1}', isBase64Encoded: false },
  },
  {
    name: 'text without a type',
    body: 'plain',
    event: { body: 'plain', isBase64Encoded: false },
  },
  {
    name: 'a binary type as base64, though it be text',
    headers: { 'content-type': 'application/octet-stream' },
    body: 'abc',
    event: { body: 'YWJj', isBase64Encoded: true },
  },
  {
    name: 'a form as base64',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'a=1',
    event: { body: 'YT0x', isBase64Encoded: true },
  },
  {
    name: 'JSON that is not UTF-8 as base64',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from([0x22, 0xff, 0x22]),
    event: { body: 'Iv8i', isBase64Encoded: true },
  },
];

describe('a request becomes an event', () => {
  test.each(requests)('$name', ({ method = 'POST', url = '/', headers = {}, body = '', event }) => {
    const now = new Date('2026-11-05T09:08:07.006Z');
    const made = toFunctionUrlEvent({
      method,
      url,
      headers,
      body: Buffer.from(body),
      sourceIp: '127.0.0.1',
      now,
    });
    for (const [name, value] of Object.entries(event)) {
      expect(made[name as keyof typeof made]).toEqual(value);
    }
    expect(made.requestContext).toMatchObject({
      http: { method, path: url.split('?')[0], protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      time: '05/Nov/2026:09:08:07 +0000',
      timeEpoch: now.getTime(),
    });
  });
});

interface AnswerCase {
  name: string;
  payload: string | Buffer;
  contentType?: string;
  functionError?: string;
  statusCode?: number;
  headers?: Record<string, unknown>;
  body: string | Buffer;
}

const json = { 'content-type': 'application/json' };
const refused = {
  statusCode: 502,
  headers: expect.objectContaining({ 'content-type': 'text/plain' }),
  body: 'Internal Server Error',
};

const answers: AnswerCase[] = [
  {
    name: 'all its fields',
    payload: '{"statusCode":201,"headers":{"X-Count":3},"cookies":["a=1","b=2"],"body":"made"}',
    statusCode: 201,
    headers: { ...json, 'x-count': '3', 'set-cookie': ['a=1', 'b=2'] },
    body: 'made',
  },
  {
    name: 'base64',
    payload: '{"statusCode":200,"headers":{"Content-Type":"image/png"},"body":"AP8=","isBase64Encoded":true}',
    headers: { 'content-type': 'image/png' },
    body: Buffer.from([0, 255]),
  },
  {
    name: 'no status code: the whole answer is the body',
    payload: '{"label":"benign"}',
    body: '{"label":"benign"}',
  },
  { name: 'a string: itself', payload: '"hello"', body: 'hello' },
  { name: 'nothing', payload: 'null', body: 'null' },
  { name: 'a status code that is none', payload: '{"statusCode":"ok"}', ...refused },
  {
    name: 'an error of the function',
    payload: '{"errorType":"Error"}',
    functionError: 'Unhandled',
    ...refused,
  },
  {
    name: 'a stream with its own status',
    payload: `{"statusCode":206,"headers":{"content-type":"text/csv"}}${'\0'.repeat(8)}a,b\n`,
    contentType: 'application/vnd.awslambda.http-integration-response',
    statusCode: 206,
    headers: { 'content-type': 'text/csv' },
    body: 'a,b\n',
  },
  {
    name: 'a stream without',
    payload: 'a,b\n',
    contentType: 'application/octet-stream',
    headers: { 'content-type': 'application/octet-stream' },
    body: 'a,b\n',
  },
];

describe('an answer becomes a response', () => {
  test.each(answers)('$name', ({ payload, contentType = 'application/json', functionError, ...expected }) => {
    const answer = { payload: Buffer.from(payload), contentType, ...(functionError && { functionError }) };
    expect(fromFunctionAnswer(answer)).toEqual({
      statusCode: expected.statusCode ?? 200,
      headers: expected.headers ?? json,
      body: Buffer.from(expected.body),
    });
  });
});
