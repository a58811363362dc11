import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startContainer } from '../../lib/local/container/start.ts';
import { hostOf } from '../../lib/local/host.ts';
import { listen, unlisten } from '../../lib/local/listen.ts';
import type { ServerFunction } from '../../lib/local/server-function.ts';
import { example, makeScratch, packExample } from './pack-example.ts';

/** AWS's own client, by an endpoint that forwards to the container as SageMaker does. */

const record = readFileSync(join(example, 'record.json'), 'utf8');
const scratch = makeScratch();
let container: ServerFunction;
let endpoint: Server;
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  const dir = await packExample(scratch, 'container-compiled');
  // The argument that SageMaker starts it with is missing here; its variable tells as much.
  const env = { SAGEMAKER_BIND_TO_PORT: '' };
  container = await startContainer(dir, { host: hostOf(process), port: 0, env });
  endpoint = startEndpoint(container.instance.url);
  const port = await listen(endpoint, 0);
  client = new SageMakerRuntimeClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
}, 60_000);

afterAll(async () => {
  client.destroy();
  await unlisten(endpoint);
  await container.close();
});

/**
 * `POST /endpoints/NAME/invocations` becomes `POST /invocations`; what the container refuses is a ModelError, 424.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
function startEndpoint(url: string): Server {
  return createServer(async (request, response) => {
    expect(request.url).toBe('/endpoints/tumours/invocations');
    const { 'content-type': type, accept } = request.headers;
    const headers = { ...(type !== undefined && { 'content-type': type }), ...(accept && { accept }) };
    const onward = forward(`${url}/invocations`, { method: 'POST', headers });
    request.pipe(onward);
    const [answer] = await once(onward, 'response');
    if (answer.statusCode === 200) {
      response.writeHead(200, { 'content-type': answer.headers['content-type'] });
      answer.pipe(response);
      return;
    }
    response.writeHead(424, { 'content-type': 'application/json', 'x-amzn-errortype': 'ModelError' });
    response.end(
      JSON.stringify({ OriginalStatusCode: answer.statusCode, OriginalMessage: await text(answer) }),
    );
  });
}

function invoke(body: string, types: { ContentType: string; Accept?: string }) {
  return client.send(
    new InvokeEndpointCommand({ EndpointName: 'tumours', Body: Buffer.from(body), ...types }),
  );
}

test('a record as JSON', async () => {
  const { Body, ContentType } = await invoke(record, { ContentType: 'application/json' });
  expect(ContentType).toBe('application/json');
  expect(JSON.parse(Buffer.from(Body!).toString())).toMatchObject({ label: 'malignant' });
});

test('rows of CSV, answered in CSV', async () => {
  const row = Object.values(JSON.parse(record)).join(',');
  const { Body, ContentType } = await invoke(`${row}\n${row}\n`, {
    ContentType: 'text/csv',
    Accept: 'text/csv',
  });
  expect(ContentType).toBe('text/csv');
  expect(Buffer.from(Body!).toString()).toMatch(/^malignant,.*\nmalignant,.*\n$/);
});

test('JSON Lines', async () => {
  const { Body } = await invoke(`${JSON.stringify(JSON.parse(record))}\n`, {
    ContentType: 'application/jsonlines',
    Accept: 'application/jsonlines',
  });
  expect(Buffer.from(Body!).toString()).toMatch(/^\{"row":1,"result":\{"label":"malignant"/);
});

test('what is refused says why', async () => {
  const refused = invoke('{}', { ContentType: 'application/json' });
  await expect(refused).rejects.toMatchObject({
    name: 'ModelError',
    OriginalStatusCode: 422,
    OriginalMessage: expect.stringContaining('record 1'),
  });
});
