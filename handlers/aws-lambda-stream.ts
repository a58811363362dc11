import { streamingHandler } from '../lib/runtime/platform/lambda-stream.ts';
import { answerEvent, handler as buffered, fn, observe } from './aws-lambda-function.ts';

/** `coldpress batch` calls this handler without Lambda's runtime. */
export const handler =
  globalThis.awslambda === undefined
    ? buffered
    : streamingHandler(fn, { answerEvent, observe, env: process.env });
