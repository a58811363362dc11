import { expect, onTestFinished } from 'vitest';
import type { Invocation } from '../../lib/local/invocation.ts';
import { type Lambda, startLambda } from '../../lib/local/lambda.ts';
import type { LambdaOptions } from '../../lib/local/lambda-options.ts';
import { host, tinyArtifact } from './tiny-artifact.ts';

export const clients = ['aws-lambda-ric', 'coldpress'] as const;

/** A Lambda of a function that is one module, for the length of a test. */
export async function startTiny(source: string, options: Partial<LambdaOptions> = {}): Promise<Lambda> {
  const lambda = await startLambda(await tinyArtifact(source), { host, ...options });
  onTestFinished(() => lambda.close());
  return lambda;
}

export function invoke(lambda: Lambda, event: unknown = {}): Promise<Invocation> {
  return lambda.invoke(Buffer.from(JSON.stringify(event)));
}

export function payloadOf({ payload }: Pick<Invocation, 'payload'>) {
  return JSON.parse(payload.toString());
}

/** What an invocation ends as. */
export interface Expected {
  /** The payload: the whole of it, or of an object these fields. */
  answer: unknown;
  functionError?: 'Unhandled';
  /** What the log has, in this order. */
  log?: RegExp[];
}

export function expectInvocation(
  invocation: Invocation,
  { answer, functionError, log = [] }: Expected,
): void {
  const payload = payloadOf(invocation);
  if (typeof answer === 'object' && answer !== null) {
    expect(payload).toMatchObject(answer);
  }
  // Compared here, as a report of how two long strings differ would be longer yet.
  else {
    expect(payload === answer, invocation.payload.toString().slice(0, 200)).toBe(true);
  }
  expect(invocation.functionError).toBe(functionError);
  let rest = invocation.logs;
  for (const line of log) {
    expect(rest).toMatch(line);
    rest = rest.slice(rest.search(line) + 1);
  }
}
