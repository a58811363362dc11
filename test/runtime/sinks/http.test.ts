import { expect, test } from 'vitest';
import { openSinks } from '../../../lib/runtime/sinks/open-sinks.ts';
import { type SinkConfig, settingsOf } from '../../settings.ts';
import { fakeServer, noDeadline } from './fake-server.ts';

const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', parentId: 'b7ad6b7169203331', sampled: true };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const entries = ['a', 'b'].map(id => ({ id, body: { id, result: 1 }, trace }));

function open(results: SinkConfig, env: NodeJS.ProcessEnv = {}) {
  return openSinks(settingsOf({ sinks: { results } }), env).results!;
}

test('a webhook gets the records, the trace and the secret, and the same key each time', async () => {
  const { host, requests } = await fakeServer((_, count) => ({
    status: count === 1 ? 503 : 204,
    headers: { 'retry-after': '0' },
  }));
  const settings = {
    type: 'webhook',
    url: { env: 'HOOK' },
    headers: { 'x-team': 'risk', authorization: { env: 'TOKEN' } },
  } as const;
  const sink = open(settings, { HOOK: `http://${host}/hook`, TOKEN: 'Bearer secret' });
  expect(await sink.send(entries, noDeadline)).toEqual([undefined, undefined]);
  expect(requests).toHaveLength(2);
  for (const { method, path, headers, body } of requests) {
    expect({ method, path }).toEqual({ method: 'POST', path: '/hook' });
    expect(JSON.parse(body.toString())).toEqual(entries.map(entry => entry.body));
    expect(headers).toMatchObject({ traceparent, authorization: 'Bearer secret', 'x-team': 'risk' });
    expect(headers['idempotency-key']).toBe(requests[0]!.headers['idempotency-key']);
  }
});

test('does not retry a webhook that refuses', async () => {
  const { host, requests } = await fakeServer(() => ({ status: 400 }));
  const answers = await open({ type: 'webhook', url: `http://${host}/` }).send(entries, noDeadline);
  expect(answers).toEqual(Array(2).fill(new Error(`${host} answers 400`)));
  expect(requests).toHaveLength(1);
});

test('a setting that is not there is an error that names it', async () => {
  await expect(open({ type: 'webhook', url: { env: 'HOOK' } }).send(entries, noDeadline)).rejects.toThrow(
    'HOOK',
  );
});

test('Pub/Sub', async () => {
  const { host, requests } = await fakeServer(() => ({ body: { messageIds: ['1', '2'] } }));
  const sink = open({ type: 'pubsub', topic: 'projects/p/topics/t' }, { PUBSUB_EMULATOR_HOST: host });
  expect(await sink.send(entries, noDeadline)).toEqual([undefined, undefined]);
  expect(requests[0]!.path).toBe('/v1/projects/p/topics/t:publish');
  const { messages } = JSON.parse(requests[0]!.body.toString());
  expect(messages[0].attributes).toEqual({ id: 'a', googclient_traceparent: traceparent });
  expect(JSON.parse(Buffer.from(messages[0].data, 'base64').toString())).toEqual({ id: 'a', result: 1 });
});

test('Cloud Storage', async () => {
  const { host, requests } = await fakeServer(() => ({ body: {} }));
  const sink = open({ type: 'gcs', bucket: 'b' }, { STORAGE_EMULATOR_HOST: `http://${host}` });
  expect(await sink.send(entries, noDeadline)).toEqual([undefined, undefined]);
  expect(requests.map(({ path }) => path)).toEqual(
    Array(2).fill('/upload/storage/v1/b/b/o?uploadType=multipart'),
  );
  expect(requests[0]!.body.toString()).toContain('"name":"results/a.json"');
});

test('Secret Manager, with a token of the metadata server', async () => {
  const { host, requests } = await fakeServer(({ path }) =>
    path.startsWith('/computeMetadata')
      ? { body: { access_token: 'token', expires_in: 3600 } }
      : { body: { payload: { data: Buffer.from('Bearer hook').toString('base64') } } },
  );
  const settings = {
    type: 'webhook',
    url: `http://${host}/hook`,
    headers: { authorization: { secretManager: 'projects/p/secrets/hook' } },
  } as const;
  await open(settings, { GCE_METADATA_HOST: host, SECRET_MANAGER_EMULATOR_HOST: host }).send(
    entries,
    noDeadline,
  );
  expect(requests.map(({ path }) => path)).toEqual([
    '/computeMetadata/v1/instance/service-accounts/default/token',
    '/v1/projects/p/secrets/hook/versions/latest:access',
    '/hook',
  ]);
  expect(requests[0]!.headers['metadata-flavor']).toBe('Google');
  expect(requests[1]!.headers.authorization).toBe('Bearer token');
  expect(requests[2]!.headers.authorization).toBe('Bearer hook');
});
