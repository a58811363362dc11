import score from '#score';
import { openFunction } from '../lib/runtime/function.ts';
import { forgetPhases } from '../lib/runtime/phases.ts';
import { type LambdaContext, lambdaInvocation } from '../lib/runtime/platform/invocation.ts';
import { findSource } from '../lib/runtime/sources/find-source.ts';
import { emfLine } from '../lib/runtime/telemetry/emf.ts';
import { observer } from '../lib/runtime/telemetry/observe.ts';
import { writeLine } from '../lib/runtime/telemetry/write-line.ts';

// At the top level, so that Lambda's INIT phase covers it.
export const fn = openFunction(import.meta.dirname, score);
export const observe = observer(fn.model, {
  format: emfLine,
  watch: fn.watch,
  write: writeLine,
  env: process.env,
});

// The INIT phases ran in another instance, before SnapStart's snapshot.
(process as NodeJS.EventEmitter).once('coldpress:restored', () => forgetPhases(fn.model.phases));

/** Answers an event with one buffered response. */
export function handler(event: unknown, context: LambdaContext): Promise<unknown> {
  return answerEvent(event, context);
}

/** @param send - sends the answer (default: Lambda's runtime client does) */
export async function answerEvent(
  event: unknown,
  context: LambdaContext,
  send?: (answer: unknown) => Promise<void>,
): Promise<unknown> {
  const invocation = lambdaInvocation(context, process.env);
  const source = await findSource(event);
  return observe(invocation, source.name, {
    event,
    run: async () => {
      const answer = await source.handle(event, fn, invocation);
      await send?.(answer);
      return answer;
    },
    returnsAnswer: send === undefined,
  });
}
