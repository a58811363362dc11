import { ColdpressError } from '../../errors.ts';

const longestReason = 500;
const logLines = 5;
const longestLine = 300;
/** The function's own metrics and stack lines of minified code; neither explains a failure. */
const noise = /^\{"_aws":|^\s+at /;
const early = 'before its first request';

/** Name of a phase before the first request was sent. */
export function beforeRequests(phase: string): string {
  return `${phase}, ${early}`;
}

/** Makes the error of a function that did not answer: the phase, the reason and the end of its log. */
export function benchFailure(
  name: string,
  { phase, reason, log }: { phase: string; reason: string; log: string },
): ColdpressError {
  const relevant = log
    .trim()
    .split('\n')
    .filter(line => !noise.test(line));
  const lines = relevant.slice(-logLines);
  const tail = lines.map(line => line.slice(0, longestLine)).join('\n  ');
  return new ColdpressError(
    'BENCH_FUNCTION_FAILED',
    `${name} failed in ${phase}: ${reason.slice(0, longestReason)}`,
    {
      hint: [
        phase.endsWith(early)
          ? 'Nothing was measured.'
          : 'Nothing was measured. If the request is the cause, pass another with --event or --input.',
        ...(tail === '' ? [] : [`Its log ends so:\n  ${tail}`]),
      ].join('\n  '),
    },
  );
}
