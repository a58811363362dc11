import { classify, failed, type Outcome } from './outcome.ts';

interface BisectOptions {
  /** Whether an error is not the fault of a single row. @default no error is */
  isOfAll?: (error: unknown) => boolean;
  /** Receives an error that several rows caused only together: all of them succeed in smaller batches. */
  onTogether?: ((error: unknown) => void) | undefined;
}

/**
 * Runs all rows at once and, if that throws, each half of them, until the failing rows are isolated: one bad row among
 * n costs about 2 log2(n) runs, and no other row fails with it.
 */
export async function bisect<Row>(
  rows: readonly Row[],
  run: (rows: Row[]) => Promise<Outcome[]>,
  options: BisectOptions = {},
): Promise<Outcome[]> {
  let cause: unknown;
  try {
    return await run([...rows]);
  } catch (error) {
    if (rows.length === 1 || classify(error) === 'transient' || options.isOfAll?.(error) === true) {
      return rows.map(() => failed(error));
    }
    cause = error;
  }
  const middle = Math.ceil(rows.length / 2);
  const outcomes: Outcome[] = [];
  for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
    // Yields to other requests between two runs, because an engine computes on the event loop's thread.
    await new Promise(setImmediate);
    outcomes.push(...(await bisect(half, run, options)));
  }
  if (outcomes.every(({ ok }) => ok)) {
    options.onTogether?.(cause);
  }
  return outcomes;
}
