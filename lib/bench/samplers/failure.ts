import { ColdpressError } from '../../errors.ts';

const longestReason = 500;
const logLines = 5;
const longestLine = 300;

/** A function that did not answer: in which phase, why, and how its log ends. */
export function benchFailure(
  name: string,
  { phase, reason, log }: { phase: string; reason: string; log: string },
): ColdpressError {
  const lines = log.trim().split('\n').slice(-logLines);
  const tail = lines.map(line => line.slice(0, longestLine)).join('\n  ');
  return new ColdpressError(
    'BENCH_FUNCTION_FAILED',
    `${name} failed in ${phase}: ${reason.slice(0, longestReason)}`,
    {
      hint: [
        'Nothing was measured. Where the request is at fault, give a good one with --event or --input.',
        ...(tail === '' ? [] : [`Its log ends so:\n  ${tail}`]),
      ].join('\n  '),
    },
  );
}
