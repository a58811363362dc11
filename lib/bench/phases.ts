import type { RuntimeUptime } from '../local/runtime-api.ts';
import type { TimedPhase } from '../local/server-timing.ts';

/** The phases of a cold start, in order; together they are its whole time. */
export const phases = [
  // Only for deployed functions: download, sandbox and the network in between.
  { name: 'platform', title: 'platform and network', letter: 'd' },
  { name: 'runtime', title: 'process and runtime', letter: 'p' },
  { name: 'handler', title: 'handler code', letter: 'h' },
  { name: 'native', title: 'native library', letter: 'n' },
  { name: 'model', title: 'model open', letter: 'm' },
  { name: 'first', title: 'first inference', letter: 'f' },
  { name: 'answer', title: 'answer', letter: 'a' },
] as const;

/** The phases that take time in at least one of the summaries, in order. */
export function phasesIn(summaries: readonly { phases: PhaseTimes }[]): readonly (typeof phases)[number][] {
  return phases.filter(({ name }) => summaries.some(summary => summary.phases[name] > 0));
}

export type PhaseName = (typeof phases)[number]['name'];

/** Milliseconds per phase. */
export type PhaseTimes = Record<PhaseName, number>;

/**
 * Names that a function's Server-Timing may contain, and whether each phase is before or after the platform's `/next`.
 */
const own: Record<string, { phase: PhaseName; during: 'init' | 'answer' }> = {
  native: { phase: 'native', during: 'init' },
  model: { phase: 'model', during: 'init' },
  // Reported by a function that opens its model on the first request.
  'model-on-request': { phase: 'model', during: 'answer' },
  first: { phase: 'first', during: 'answer' },
};

/**
 * Divides a cold start into phases: times taken from outside give INIT and the answer, the function's own clock their
 * parts. Unclaimed time before `/next` is assigned to the handler, after it to the answer.
 * @param marks.uptime - if the runtime client does not report it, all unclaimed INIT time is `runtime`
 */
export function dividePhases(marks: {
  initMs: number;
  answerMs: number;
  inside: readonly TimedPhase[];
  uptime?: RuntimeUptime | undefined;
}): PhaseTimes {
  const times: PhaseTimes = { platform: 0, runtime: 0, handler: 0, native: 0, model: 0, first: 0, answer: 0 };
  const claimed = { init: 0, answer: 0 };
  for (const { name, ms } of marks.inside) {
    const part = Object.hasOwn(own, name) ? own[name] : undefined;
    if (part !== undefined) {
      times[part.phase] += ms;
      claimed[part.during] += ms;
    }
  }
  const left = Math.max(0, marks.initMs - claimed.init);
  // Fork and exec come before the process's own clock; they are the difference between the two readings of `/next`.
  times.runtime =
    marks.uptime === undefined
      ? left
      : Math.min(left, marks.initMs - marks.uptime.readyMs + marks.uptime.clientLoadedMs);
  times.handler = left - times.runtime;
  times.answer = Math.max(0, marks.answerMs - claimed.answer);
  return times;
}
