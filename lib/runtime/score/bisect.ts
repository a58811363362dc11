import { classify, failed, type Outcome } from './outcome.ts';

/**
 * Runs all rows at once and, if that throws, each half of them, until the failing rows are isolated: one bad row among
 * n costs about 2 log2(n) runs, and no other row fails with it.
 * @param isOfAll - whether an error is not the fault of a single row (default: no error is)
 */
export async function bisect<Row>(
  rows: readonly Row[],
  run: (rows: Row[]) => Promise<Outcome[]>,
  isOfAll: (error: unknown) => boolean = () => false,
): Promise<Outcome[]> {
  try {
    return await run([...rows]);
  } catch (error) {
    if (rows.length === 1 || classify(error) === 'transient' || isOfAll(error)) {
      return rows.map(() => failed(error));
    }
  }
  const middle = Math.ceil(rows.length / 2);
  const outcomes: Outcome[] = [];
  for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
    // Yields to other requests between two runs, because an engine computes on the event loop's thread.
    await new Promise(setImmediate);
    outcomes.push(...(await bisect(half, run, isOfAll)));
  }
  return outcomes;
}
