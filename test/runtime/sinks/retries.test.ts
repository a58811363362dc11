import { afterEach, expect, test, vi } from 'vitest';
import { openSinks } from '../../../lib/runtime/sinks/open-sinks.ts';
import type { SinkEntry } from '../../../lib/runtime/sinks/sink.ts';
import { type SinkConfig, settingsOf } from '../../settings.ts';
import { type FakeAnswer, type FakeRequest, fakeServer, noDeadline } from './fake-server.ts';

const awsJson = { 'content-type': 'application/x-amz-json-1.0' };

function entries(count: number): SinkEntry[] {
  return Array.from({ length: count }, (_, i) => ({ id: `r${i}`, body: { id: `r${i}` }, trace: undefined }));
}

/** A queue is where its URL says, all else where AWS_ENDPOINT_URL does. */
const queue = (host: string): SinkConfig => ({ type: 'sqs', queueUrl: `http://${host}/1/q` });

/** AWS's own client, pointed to a server that refuses entries as the services do. */
async function sendTo(
  settings: (host: string) => SinkConfig,
  answer: (request: FakeRequest, count: number) => FakeAnswer | undefined,
  sent = entries(3),
  deadline = noDeadline,
) {
  const { host, requests } = await fakeServer(answer);
  vi.stubEnv('AWS_ENDPOINT_URL', `http://${host}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const { results } = openSinks(settingsOf({ sinks: { results: settings(host) } }), {});
  return {
    answers: await results!.send(sent, deadline),
    bodies: requests.map(({ body }) => JSON.parse(body.toString())),
  };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

test('SQS: the entries that failed are sent again, and no other', async () => {
  const { answers, bodies } = await sendTo(queue, (_, count) => ({
    headers: awsJson,
    body:
      count === 1
        ? {
            Successful: [],
            Failed: [{ Id: '1', SenderFault: false, Code: 'InternalError', Message: 'later' }],
          }
        : { Successful: [], Failed: [] },
  }));
  expect(answers).toEqual([undefined, undefined, undefined]);
  expect(bodies.map(body => body.Entries.map((entry: { MessageBody: string }) => entry.MessageBody))).toEqual(
    [['{"id":"r0"}', '{"id":"r1"}', '{"id":"r2"}'], ['{"id":"r1"}']],
  );
});

test('SQS: what the sender is at fault for is not sent again', async () => {
  const Failed = [{ Id: '0', SenderFault: true, Code: 'InvalidMessageContents', Message: 'never' }];
  const { answers, bodies } = await sendTo(queue, () => ({
    headers: awsJson,
    body: { Successful: [], Failed },
  }));
  expect(answers).toEqual([new Error('InvalidMessageContents: never'), undefined, undefined]);
  expect(bodies).toHaveLength(1);
});

test('EventBridge: by the place of the entry', async () => {
  const { answers, bodies } = await sendTo(
    () => ({ type: 'eventbridge', bus: 'b' }),
    (_, count) => ({
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: {
        FailedEntryCount: count === 1 ? 2 : 0,
        Entries:
          count === 1
            ? [
                { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' },
                { EventId: '1' },
                { ErrorCode: 'NotAuthorized', ErrorMessage: 'no' },
              ]
            : [{ EventId: '0' }],
      },
    }),
  );
  expect(answers).toEqual([undefined, undefined, new Error('NotAuthorized: no')]);
  expect(bodies[1].Entries).toMatchObject([
    { Detail: '{"id":"r0"}', DetailType: 'Result', Source: 'coldpress' },
  ]);
});

test('DynamoDB: what was left unprocessed is sent again, until the attempts are used up', async () => {
  const { answers, bodies } = await sendTo(
    () => ({ type: 'dynamodb', table: 't' }),
    ({ body }) => {
      const requests = JSON.parse(body.toString()).RequestItems.t as {
        PutRequest: { Item: { id: { S: string } } };
      }[];
      const left = requests.filter(({ PutRequest }) => PutRequest.Item.id.S === 'r2');
      return { headers: awsJson, body: { UnprocessedItems: left.length > 0 ? { t: left } : {} } };
    },
  );
  expect(answers).toEqual([undefined, undefined, new Error('DynamoDB left the item unprocessed')]);
  expect(bodies.map(body => body.RequestItems.t.length)).toEqual([3, 1, 1, 1, 1]);
});

test('a record too large for the service is refused by its size, and alone', async () => {
  const large = { id: 'large', body: { text: 'x'.repeat(2 ** 20) }, trace: undefined };
  const answer = { headers: awsJson, body: { Successful: [], Failed: [] } };
  const { answers } = await sendTo(queue, () => answer, [...entries(1), large, ...entries(1)]);
  const tooLarge = expect.stringMatching(/^an entry of 1049\d{3} bytes/);
  expect(answers.map(error => error?.message)).toEqual([undefined, tooLarge, undefined]);
});

test('EventBridge: a record larger than a batch may be is sent alone', async () => {
  const [first, last] = entries(2) as [SinkEntry, SinkEntry];
  const large = { id: 'large', body: { text: 'x'.repeat(2 ** 19) }, trace: undefined };
  const { answers, bodies } = await sendTo(
    () => ({ type: 'eventbridge', bus: 'b' }),
    ({ body }) => ({
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: { Entries: JSON.parse(body.toString()).Entries.map(() => ({ EventId: '0' })) },
    }),
    [first, large, last],
  );
  expect(answers).toEqual([undefined, undefined, undefined]);
  expect(bodies.map(body => body.Entries.length)).toEqual([1, 1, 1]);
});

test('at the deadline, what was delivered is done, and nothing else is', async () => {
  const deadline = new AbortController();
  const { answers } = await sendTo(
    queue,
    ({ body }) => {
      const ids = JSON.parse(body.toString()).Entries.map(
        (entry: { MessageBody: string }) => entry.MessageBody,
      );
      if (ids.includes('{"id":"r20"}')) {
        return undefined;
      }
      if (ids.length === 1) {
        deadline.abort();
        return undefined;
      }
      const Failed = ids.includes('{"id":"r1"}') ? [{ Id: '1', SenderFault: false, Code: 'Busy' }] : [];
      return { headers: awsJson, body: { Successful: [], Failed } };
    },
    entries(25),
    deadline.signal,
  );
  const late = [...answers.entries()].filter(([, error]) => error !== undefined).map(([index]) => index);
  expect(late).toEqual([1, 20, 21, 22, 23, 24]);
  expect(answers[24]).toMatchObject({ code: 'DEADLINE' });
});

test('a client that gives up fails what is left of a batch, not what went through', async () => {
  const refusal = { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'gone' };
  const { answers } = await sendTo(queue, (_, count) =>
    count === 1
      ? {
          headers: awsJson,
          body: { Successful: [], Failed: [{ Id: '1', SenderFault: false, Code: 'Busy' }] },
        }
      : { status: 400, headers: awsJson, body: refusal },
  );
  expect(answers).toEqual([undefined, expect.any(Error), undefined]);
});
