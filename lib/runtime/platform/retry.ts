import { setTimeout as sleep } from 'node:timers/promises';
import { RequestError } from '../errors.ts';

const backoff = { attempts: 5, baseMs: 50, mostMs: 2000 } as const;

/** Any time up to the exponential backoff, so that instances that failed together do not come back together. */
function jitterMs(attempt: number): number {
  return Math.random() * Math.min(backoff.mostMs, backoff.baseMs * 2 ** attempt);
}

/**
 * Tries items until none is left, the attempts are used up or the deadline has come. `attempt` says of each item whether
 * it is done, can never be, or should be tried again; a throw ends it for all that are left.
 * @param deadline - is aborted when the caller has to have its answer; an attempt under way is then not waited for
 * @returns for each item, in order, why it is not done; `undefined` where it is
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
      const asked = Math.max(...open.map(index => (answers[index] as { afterMs?: number }).afterMs ?? 0));
      await Promise.race([sleep(Math.max(Math.min(asked, backoff.mostMs), jitterMs(count))), expired]);
    }
    // A client that throws has retried already.
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
  /** `afterMs`: no sooner, by the other side's word. */
  | { kind: 'again'; error: Error; afterMs?: number };

export const done: Attempt = { kind: 'done' };

const tooLate: Attempt = {
  kind: 'again',
  error: new RequestError(503, 'DEADLINE', 'not delivered: the time of this invocation did not suffice'),
};
