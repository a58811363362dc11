import { setTimeout as sleep } from 'node:timers/promises';

const backoff = { attempts: 5, baseMs: 50, mostMs: 2000 } as const;

/** Any time up to the exponential backoff, so that instances that failed together do not come back together. */
function jitterMs(attempt: number): number {
  return Math.random() * Math.min(backoff.mostMs, backoff.baseMs * 2 ** attempt);
}

/**
 * Tries items until none is left or the attempts are. `attempt` says of each item whether it is done, can never be,
 * or should be tried again.
 * @returns for each item, in order, why it is not done; `undefined` where it is
 */
export async function retryEach<Item>(
  items: readonly Item[],
  attempt: (items: Item[]) => Promise<Attempt[]>,
): Promise<(Error | undefined)[]> {
  const answers: Attempt[] = [];
  let open = [...items.keys()];
  for (let count = 0; open.length > 0 && count < backoff.attempts; count++) {
    if (count > 0) {
      const asked = Math.max(...open.map(index => (answers[index] as { afterMs?: number }).afterMs ?? 0));
      await sleep(Math.max(Math.min(asked, backoff.mostMs), jitterMs(count)));
    }
    const tried = await attempt(open.map(index => items[index]!));
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
