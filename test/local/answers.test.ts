import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lambda, startLambda } from '../../lib/local/lambda.ts';
import { clients, type Expected, expectInvocation, invoke } from './start-tiny.ts';
import { host, tinyArtifact } from './tiny-artifact.ts';

/** What a handler does with its event and context, and what its caller sees. All run on one instance. */
const cases: (Expected & { name: string; handler: string })[] = [
  {
    name: 'an answer',
    handler: 'event => ({ n: event.n + 1 })',
    answer: { n: 2 },
    log: [
      /^START RequestId: [\w-]{36} Version: \$LATEST$/m,
      /^END RequestId: /m,
      /^REPORT RequestId: [\w-]{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 512 MB\tMax Memory Used: (\d+ MB|n\/a)/m,
    ],
  },
  { name: 'no answer at all', handler: '() => {}', answer: null },
  {
    name: 'the context',
    handler: `(event, context) => ({
      name: context.functionName, memory: context.memoryLimitInMB, arn: context.invokedFunctionArn,
      inTime: context.getRemainingTimeInMillis() > 0, id: context.awsRequestId.length })`,
    answer: {
      name: 'tiny',
      memory: '512',
      inTime: true,
      id: 36,
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:tiny',
    },
  },
  {
    name: 'lines of the function between START and END',
    handler: '() => { console.log("from %s", "inside"); process.stderr.write("and past the console\\n"); }',
    answer: null,
    log: [/^START/m, /\t[\w-]{36}\tINFO\tfrom inside$/m, /^END/m],
  },
  {
    name: 'a thrown error',
    handler: '() => { throw new TypeError("no such customer"); }',
    answer: { errorType: 'TypeError', errorMessage: 'no such customer', trace: expect.any(Array) },
    functionError: 'Unhandled',
    log: [/^START/m, /\tERROR\tInvoke Error.*no such customer/, /^END/m, /^REPORT/m],
  },
  {
    name: 'an error in words that no header of HTTP may have',
    handler: '() => { throw new Error("one, two, …\\u0000 日本"); }',
    answer: { errorMessage: 'one, two, …\u0000 日本' },
    functionError: 'Unhandled',
  },
  {
    name: 'an error longer than any header',
    handler: '() => { throw new Error("x".repeat(100_000)); }',
    answer: { errorMessage: 'x'.repeat(100_000) },
    functionError: 'Unhandled',
  },
  {
    name: 'something thrown that is no error',
    handler: '() => { throw "just text"; }',
    answer: { errorType: 'string', errorMessage: 'just text' },
    functionError: 'Unhandled',
  },
  {
    name: 'an answer that JSON cannot hold',
    handler: '() => ({ n: 1n })',
    answer: { errorType: 'Runtime.JSONStringifyError', errorMessage: 'Unable to stringify response body' },
    functionError: 'Unhandled',
  },
  {
    name: 'the largest response',
    handler: '() => "x".repeat(6_291_554)',
    answer: 'x'.repeat(6_291_554),
  },
  {
    name: 'a response one byte over the limit',
    handler: '() => "x".repeat(6_291_555)',
    answer: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage:
        'Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).',
    },
    functionError: 'Unhandled',
  },
];

describe.each(clients)('under %s', runtimeClient => {
  let lambda: Lambda;
  beforeAll(async () => {
    const handlers = cases.map(({ handler }) => handler);
    const source = `const handlers = [${handlers}];
      export const handler = async (event, context) => handlers[event.which](event, context);`;
    lambda = await startLambda(await tinyArtifact(source), { host, runtimeClient });
    await lambda.init();
  });
  afterAll(() => lambda.close());

  test('that is the client that runs', () => {
    expect(lambda.runtimeClient.split(' ')[0]).toBe(runtimeClient);
  });

  test.each(cases.map((each, which) => ({ ...each, which })))('$name', async ({ which, ...expected }) => {
    expectInvocation(await invoke(lambda, { which, n: 1 }), expected);
  });
});
