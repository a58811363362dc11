import { setTimeout as sleep } from 'node:timers/promises';
import { RequestError } from '../errors.ts';

const backoff = { attempts: 5, baseMs: 50, mostMs: 2000 } as const;

/** Returns a random time up to the exponential backoff, so that failed instances do not retry together. */
function jitterMs(attempt: number): number {
  return Math.random() * Math.min(backoff.mostMs, backoff.baseMs * 2 ** attempt);
}

/**
 * Retries items until none is left, the attempts are used up or the deadline has passed. `attempt` returns for each
 * item whether it is done, can never succeed, or should be retried; a throw ends all remaining items.
 * @param deadline - aborted when the caller must answer; attempts in progress are then abandoned
 * @returns for each item, in order, the reason why it is not done, or `undefined` if it is
 */
export async function retryEach<Item>(
  items: readonly Item[],
  attempt: (items: Item[]) => Promise<Attempt[]>,
  deadline: AbortSignal,
): Promise<(Error | undefined)[]> {
  const answers = items.map((): Attempt => tooLate);
  const expired = new Promise<undefined>(resolve => {
    deadline.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  let open = [...items.keys()];
  for (let count = 0; open.length > 0 && count < backoff.attempts && !deadline.aborted; count++) {
    if (count > 0) {
      const requestedMs = Math.max(
        ...open.map(index => (answers[index] as { afterMs?: number }).afterMs ?? 0),
      );
      await Promise.race([sleep(Math.max(Math.min(requestedMs, backoff.mostMs), jitterMs(count))), expired]);
    }
    // A client that throws has already retried.
    const tried = await Promise.race([attempt(open.map(index => items[index]!)), expired]).catch(
      (error: Error) => open.map((): Attempt => ({ kind: 'never', error })),
    );
    if (tried === undefined) {
      break;
    }
    for (const [position, index] of open.entries()) {
      answers[index] = tried[position]!;
    }
    open = open.filter(index => answers[index]!.kind === 'again');
  }
  return answers.map(answer => (answer.kind === 'done' ? undefined : answer.error));
}

export type Attempt =
  | { kind: 'done' }
  | { kind: 'never'; error: Error }
  /** `afterMs`: the minimum delay that the other side requested. */
  | { kind: 'again'; error: Error; afterMs?: number };

export const done: Attempt = { kind: 'done' };

const tooLate: Attempt = {
  kind: 'again',
  error: new RequestError(503, 'DEADLINE', 'not delivered: not enough time left in this invocation'),
};
