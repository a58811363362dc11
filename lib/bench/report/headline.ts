import type { BenchResult } from '../result.ts';
import { formatMs } from './format.ts';

/** The result in one sentence: the first artifact, compared with its reference. */
export function headline({ variants, summaries }: BenchResult): string {
  const index = Math.max(
    0,
    variants.findIndex(({ kind }) => kind === 'artifact'),
  );
  const summary = summaries[index];
  if (summary === undefined) {
    return 'Cold starts';
  }
  const { name, totalMs, ratio } = summary;
  const answers = `${name} answers its first request in ${formatMs(totalMs.value)} ms`;
  const naive = variants.find(({ kind }) => kind === 'naive');
  const isAlone = ratio === undefined || ratio.to !== naive?.name;
  return isAlone ? answers : `${answers}, ${ratio.value.toFixed(2)} of the time of a hand-written function`;
}
