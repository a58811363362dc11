import { describe, expect, test } from 'vitest';
import { type InvokeOptions, invokeOnce } from '../../lib/local/invoke.ts';
import { emptyFolder, host, tinyArtifact } from './tiny-artifact.ts';

const echo = 'export const handler = async event => ({ event });';

test('an event goes in as it is, and the answer comes out with phases, log and report', async () => {
  const result = await invokeOnce(await tinyArtifact(echo), { host, event: '{"n":1}' });
  expect(result).toMatchObject({
    answer: { event: { n: 1 } },
    phases: { engine: 'artifact', inside: [] },
    node: { matches: true, source: 'current' },
    engine: { kind: 'artifact' },
    report: { memorySizeMb: 512, initDurationMs: result.phases.initMs },
  });
  expect(result.phases.totalMs).toBe(result.phases.initMs + result.phases.answerMs);
  expect(result.logs).toContain('REPORT RequestId: ');
  expect(result).not.toHaveProperty('statusCode');
});

test('an input becomes an inference request over HTTP, and Server-Timing becomes phases', async () => {
  const source = `export const handler = async event => ({
    statusCode: 200,
    headers: { 'Server-Timing': 'boot;dur=21.3, native;desc="ONNX, Runtime";dur=18, model;dur=4.25' },
    body: JSON.stringify({ path: event.rawPath, method: event.requestContext.http.method, body: event.body }),
  });`;
  const result = await invokeOnce(await tinyArtifact(source), { host, input: '{"inputs":[]}' });
  expect(result).toMatchObject({
    statusCode: 200,
    answer: { path: '/v2/models/tiny/infer', method: 'POST', body: '{"inputs":[]}' },
  });
  expect(result.phases.inside).toEqual([
    { name: 'boot', ms: 21.3 },
    { name: 'native', ms: 18 },
    { name: 'model', ms: 4.25 },
  ]);
});

test('an event that Lambda would refuse for its size', async () => {
  const event = JSON.stringify('x'.repeat(6_291_455));
  await expect(invokeOnce(await tinyArtifact(echo), { host, event })).rejects.toMatchObject({
    code: 'EVENT_INVALID',
    message: expect.stringContaining('6,291,457'),
  });
});

test('without a request, requests the metadata', async () => {
  const source = `export const handler = async ({ rawPath, requestContext }) =>
    ({ statusCode: 200, body: requestContext.http.method + ' ' + rawPath });`;
  const result = await invokeOnce(await tinyArtifact(source), { host });
  expect(result).toMatchObject({ statusCode: 200, answer: 'GET /v2/models/tiny' });
});

test('a failure of the function is a result', async () => {
  const result = await invokeOnce(await tinyArtifact('throw new Error("no model");'), { host });
  expect(result).toMatchObject({
    functionError: 'Unhandled',
    answer: { errorType: 'Error', errorMessage: 'no model' },
    report: { status: 'error', errorType: 'Runtime.Unknown' },
  });
});

test('bytes that are no text come as base64', async () => {
  const source = `export const handler = async () => ({ statusCode: 200, body: '/wA=', isBase64Encoded: true });`;
  const result = await invokeOnce(await tinyArtifact(source), { host });
  expect(result).toMatchObject({ answer: '/wA=', isBase64Encoded: true });
});

describe('refused', () => {
  const cases: [string, Partial<InvokeOptions>, string][] = [
    ['both an event and an input', { event: '{}', input: '{}' }, 'OPTION_CONFLICT'],
    ['an event that is not JSON', { event: '{' }, 'EVENT_INVALID'],
    ['too little memory', { memoryMb: 64 }, 'OPTION_OUT_OF_RANGE'],
    ['too long a timeout', { timeoutSeconds: 901 }, 'OPTION_OUT_OF_RANGE'],
  ];

  test.each(cases)('%s', async (_, options, code) => {
    await expect(invokeOnce(await tinyArtifact(echo), { host, ...options })).rejects.toMatchObject({ code });
  });

  test('a folder without an artifact', async () => {
    await expect(invokeOnce(await emptyFolder(), { host })).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FOUND',
    });
  });

  test('an artifact for another platform', async () => {
    const dir = await tinyArtifact(echo, { target: 'elsewhere' as never });
    await expect(invokeOnce(dir, { host })).rejects.toMatchObject({ code: 'ARTIFACT_INVALID' });
  });

  test('a manifest that is none', async () => {
    const dir = await tinyArtifact(echo, { files: { 'function/coldpress.json': '{' } });
    await expect(invokeOnce(dir, { host })).rejects.toMatchObject({ code: 'ARTIFACT_INVALID' });
  });
});
