import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { example } from './pack-example.ts';

const request = JSON.parse(readFileSync(join(example, 'request.json'), 'utf8'));
const record = JSON.parse(readFileSync(join(example, 'record.json'), 'utf8'));
const rows: number[] = request.inputs[0].data.flat();
const infer = '/v2/models/breast-cancer/infer';
const raw = { 'content-type': 'application/octet-stream', 'inference-header-content-length': '0' };

function input(changes: object): object {
  return { inputs: [{ ...request.inputs[0], ...changes }] };
}

/** A request of the example's contract, and what every target and either engine answer. */
export interface Case {
  name: string;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  /** Text and bytes as they are, anything else as JSON. */
  body?: unknown;
  status: number;
  /** What the body matches. */
  says?: RegExp;
  /** Why the platforms' answers differ in more than the status. */
  differs?: string;
}

export const cases: Case[] = [
  { name: 'the server', path: '/v2', status: 200, says: /coldpress/ },
  { name: 'alive', path: '/v2/health/live', status: 200 },
  { name: 'ready, by its golden vector', path: '/v2/health/ready', status: 200, says: /true/ },
  { name: 'the model', path: '/v2/models/breast-cancer', status: 200, says: /float_input/ },
  { name: 'the OpenAPI document', path: '/openapi.json', status: 200, says: /"openapi"/ },
  { name: 'an inference', path: infer, body: request, status: 200, says: /"id":"1"/ },
  {
    name: 'an inference of two rows',
    path: infer,
    body: input({ shape: [2, 30], data: [...rows, ...rows] }),
    status: 200,
  },
  { name: 'no rows', path: infer, body: input({ shape: [0, 30], data: [] }), status: 200 },
  {
    name: 'a gzipped body',
    path: infer,
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify(request)),
    status: 200,
  },
  {
    name: 'an answer in bytes',
    path: infer,
    body: { ...request, parameters: { binary_data_output: true } },
    status: 200,
  },
  {
    name: 'nothing but the elements of two rows',
    path: infer,
    headers: raw,
    body: new Uint8Array(Float32Array.from([...rows, ...rows]).buffer),
    status: 200,
    says: /"shape":\[2,2\]/,
  },
  {
    name: 'nothing but the elements of a row and a half',
    path: infer,
    headers: raw,
    body: new Uint8Array(Float32Array.from([...rows, ...rows.slice(15)]).buffer),
    status: 400,
    says: /has 45 elements/,
  },
  { name: 'a record', path: '/', body: record, status: 200, says: /"label":"malignant"/ },
  { name: 'records', path: '/', body: [record, record], status: 200, says: /^\[.*\]$/ },
  {
    name: 'instances',
    path: '/v1/models/breast-cancer:predict',
    body: { instances: [record] },
    status: 200,
    says: /predictions/,
  },
  { name: 'SageMaker', path: '/invocations', body: record, status: 200 },
  {
    name: 'rows of CSV, answered in CSV',
    path: '/invocations',
    headers: { 'content-type': 'text/csv', accept: 'text/csv' },
    body: `${rows.join(',')}\n${rows.join(',')}\n`,
    status: 200,
    says: /^malignant,.*\nmalignant,.*\n$/,
  },
  {
    name: 'a row of CSV too short',
    path: '/invocations',
    headers: { 'content-type': 'text/csv' },
    body: '1,2',
    status: 400,
    says: /row 1/,
  },
  {
    name: 'a wrong number of features',
    path: infer,
    body: input({ shape: [1, 29] }),
    status: 400,
    says: /dimension 1 is 29/,
  },
  {
    name: 'fewer elements than the shape says',
    path: infer,
    body: input({ data: [1] }),
    status: 400,
    says: /has 1 element/,
  },
  { name: 'another datatype', path: infer, body: input({ datatype: 'FP64' }), status: 400, says: /FP64/ },
  { name: 'an unknown input', path: infer, body: input({ name: 'x' }), status: 400, says: /no input/ },
  { name: 'no inputs', path: infer, body: {}, status: 400, says: /inputs/ },
  {
    name: 'a shape of a terabyte',
    path: infer,
    body: input({ shape: [2 ** 40, 30] }),
    status: 413,
    differs: 'it tells the platform’s own limit',
  },
  { name: 'a record without a feature', path: '/', body: {}, status: 422, says: /record 1/ },
  { name: 'one bad record of two', path: '/', body: [record, {}], status: 422, says: /record 2/ },
  { name: 'a path that is no encoding', path: '/%', status: 404, says: /^\{"error":"there is nothing at/ },
  { name: 'an icon', path: '/favicon.ico', status: 404, says: /^\{"error":"there is nothing at/ },
  { name: 'what is not JSON', path: '/', body: '{bad', status: 400, says: /not JSON/ },
  { name: 'a text', path: '/', body: '"text"', status: 422 },
  { name: 'nothing', path: '/', body: '', status: 400 },
  { name: 'what is not UTF-8', path: '/', body: Uint8Array.of(0x22, 0xff, 0x22), status: 400, says: /UTF-8/ },
  {
    name: 'another charset',
    path: '/',
    headers: { 'content-type': 'application/json; charset=utf-16' },
    body: record,
    status: 415,
  },
  { name: 'another type', path: infer, headers: { 'content-type': 'text/csv' }, body: '1,2', status: 415 },
  {
    name: 'an encoding that there is not',
    path: infer,
    headers: { 'content-encoding': 'compress' },
    body: request,
    status: 415,
  },
  {
    name: 'a body that is no gzip',
    path: infer,
    headers: { 'content-encoding': 'gzip' },
    body: request,
    status: 400,
  },
  {
    name: 'an answer of no type that there is',
    path: infer,
    headers: { accept: 'text/html' },
    body: request,
    status: 406,
  },
  { name: 'another model', path: '/v2/models/other', status: 404, says: /breast-cancer/ },
  ...['{}', '[ ]', '"a":0', '0'].map(
    (value): Case => ({
      name: `5 MB of ${value}`,
      path: infer,
      body: value.includes(':') ? `{${repeated(value)}}` : `[${repeated(value)}]`,
      status: 413,
      says: /values/,
    }),
  ),
  { name: '4 MB of nesting', path: infer, body: '[\n'.repeat(2e6), status: 400, says: /nested deeper/ },
  {
    name: 'one text of 9 MB, compressed',
    path: '/',
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(`["${'a'.repeat(9e6)}"]`),
    status: 413,
    differs: 'the limit of the body may come before that of a text',
  },
  {
    name: '4 MB of lines',
    path: '/invocations',
    headers: { 'content-type': 'text/csv' },
    body: '1\n'.repeat(2e6),
    status: 413,
    says: /records/,
  },
  {
    name: '5 MB of cells',
    path: '/invocations',
    headers: { 'content-type': 'text/csv' },
    body: ','.repeat(5e6),
    status: 413,
    says: /values/,
  },
  {
    name: 'a delivery of SNS',
    path: '/',
    headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
    body: JSON.stringify({ Type: 'Notification', MessageId: '1', Message: JSON.stringify(record) }),
    status: 400,
    says: /Amazon SNS/,
  },
  {
    name: 'a raw delivery of SNS',
    path: '/invocations',
    headers: { 'x-amz-sns-message-type': 'Notification', 'x-amz-sns-rawdelivery': 'true' },
    body: record,
    status: 400,
    says: /Amazon SNS/,
  },
  {
    name: 'a delivery of Firehose',
    path: '/',
    headers: { 'x-amz-firehose-request-id': 'ed4acda5', 'x-amz-firehose-protocol-version': '1.0' },
    body: { requestId: 'ed4acda5', timestamp: 1, records: [{ data: 'e30=' }] },
    status: 400,
    says: /"errorMessage":".*Firehose.*"requestId":"ed4acda5"/,
    differs: 'it has the time',
  },
  { name: 'no such path', path: '/nowhere', status: 404 },
  { name: 'no such method', method: 'DELETE', path: infer, status: 405 },
  { name: 'a HEAD', method: 'HEAD', path: '/v2', status: 200 },
  {
    name: 'what may be asked',
    method: 'OPTIONS',
    path: infer,
    status: 204,
    differs: 'a Function URL gives every answer a type',
  },
];

/** Five megabytes of one value after another; of a field, each with a name of its own. */
function repeated(value: string): string {
  const count = Math.floor(5e6 / (value.length + 7));
  return value.includes(':')
    ? Array.from({ length: count }, (_, i) => value.replace('a', String(i))).join(',')
    : `${value},`.repeat(5e6 / (value.length + 1));
}

/** A case's answer: its status, the headers that are compared, its bytes. */
export async function ask(url: string, { method, path, headers, body }: Case) {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
  });
  const names = [
    'content-type',
    'allow',
    'accept-encoding',
    'retry-after',
    'inference-header-content-length',
  ];
  return {
    status: response.status,
    headers: Object.fromEntries(names.map(name => [name, response.headers.get(name)])),
    body: Buffer.from(await response.arrayBuffer()).toString('latin1'),
  };
}
