import { describe, expect, test } from 'vitest';
import type { LambdaOptions } from '../../lib/local/lambda-options.ts';
import { clients, type Expected, expectInvocation, invoke, startTiny } from './start-tiny.ts';

/** How a function's module and process begin and end, and what its first caller sees. */
const cases: (Expected & { name: string; source: string; options?: Partial<LambdaOptions> })[] = [
  {
    name: 'the handler of a default export',
    source: 'export default { handler: async () => "default" };',
    answer: 'default',
    log: [/^REPORT .*\tInit Duration: [\d.]+ ms$/m],
  },
  {
    name: 'an error in INIT, run again inside the invocation',
    source: 'throw new Error("the layer is missing"); export const handler = 1;',
    answer: { errorType: 'Error', errorMessage: 'the layer is missing' },
    functionError: 'Unhandled',
    log: [
      /Init Error/,
      /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime.Unknown$/m,
      /^START/m,
      /Init Error/,
      /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown$/m,
      /^REPORT.*Max Memory Used: [^\t]+\tStatus: error\tError Type: Runtime.Unknown$/m,
    ],
  },
  {
    name: 'a syntax error',
    source: 'export const handler = ;',
    answer: { errorType: 'Runtime.UserCodeSyntaxError' },
    functionError: 'Unhandled',
    log: [/^INIT_REPORT .*Error Type: Runtime.UserCodeSyntaxError$/m],
  },
  {
    name: 'a handler that is not there',
    source: 'export const other = async () => {};',
    answer: {
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is undefined or not exported',
    },
    functionError: 'Unhandled',
  },
  {
    name: 'a callback handler',
    source: 'export const handler = (event, context, callback) => callback(null, 1);',
    answer: { errorType: 'Runtime.CallbackHandlerDeprecated' },
    functionError: 'Unhandled',
  },
  {
    name: 'an exit in INIT',
    source: 'process.exit(7);',
    answer: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(
        /^RequestId: [\w-]{36} Error: Runtime exited with error: exit status 7$/,
      ),
    },
    functionError: 'Unhandled',
    log: [/^INIT_REPORT .*\tError Type: Runtime.ExitError$/m],
  },
  {
    name: 'an exit in the handler',
    source: 'export const handler = async () => process.exit(0);',
    answer: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/ Error: Runtime exited without providing a reason$/),
    },
    functionError: 'Unhandled',
    log: [/^REPORT .*\tStatus: error\tError Type: Runtime.ExitError$/m],
  },
  {
    name: 'a killed process',
    source:
      'export const handler = async () => { process.kill(process.pid, "SIGKILL"); await new Promise(() => {}); };',
    answer: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/ Error: Runtime exited with error: signal: killed$/),
    },
    functionError: 'Unhandled',
    log: [/signal: killed\nRuntime.ExitError$/m],
  },
  {
    name: 'a timeout',
    source: 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));',
    options: { timeoutSeconds: 1 },
    answer: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [\w-]{36} Error: Task timed out after 1.00 seconds$/),
    },
    functionError: 'Unhandled',
    log: [/Z [\w-]{36} Task timed out after 1.00 seconds$/m, /^REPORT .*\tStatus: timeout$/m],
  },
  {
    name: 'a streamed answer',
    source: `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      stream.write('{"n":'); stream.write('1}'); stream.end(); });`,
    answer: { n: 1 },
  },
  {
    name: 'a stream that fails midway',
    source: `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      stream.write('[1,'); throw new RangeError('midway'); });`,
    answer: { errorType: 'RangeError', errorMessage: 'midway' },
    functionError: 'Unhandled',
  },
];

describe.each(clients)('under %s', runtimeClient => {
  test.each(cases)('$name', async ({ source, options, ...expected }) => {
    const lambda = await startTiny(source, { runtimeClient, ...options });
    expectInvocation(await invoke(lambda), expected);
  });
});
