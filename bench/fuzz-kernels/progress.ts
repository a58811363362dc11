import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Counts of what became of the requests of one operator or model, by outcome. */
export type Counts = Record<string, number>;

/**
 * The totals of a run, kept in a file line by line, so that a run that was stopped resumes after the last operator or
 * model that it finished. Without a file they are kept in memory alone.
 */
export function keepProgress(path: string | undefined) {
  const finished = new Map<string, Counts>();
  if (path !== undefined && existsSync(path)) {
    for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
      const { name, ...counts } = JSON.parse(line) as { name: string } & Counts;
      finished.set(name, counts as Counts);
    }
  }
  return {
    isFinished: (name: string): boolean => finished.has(name),
    finish(name: string, counts: Counts): void {
      finished.set(name, counts);
      if (path !== undefined) {
        appendFileSync(path, `${JSON.stringify({ name, ...counts })}\n`);
      }
    },
    totals(): Counts {
      const sums: Counts = {};
      for (const [what, count] of [...finished.values()].flatMap(Object.entries<number>)) {
        sums[what] = (sums[what] ?? 0) + count;
      }
      return sums;
    },
  };
}
