import { ColdpressError } from '../../errors.ts';
import { readAnswer } from '../../local/answer.ts';
import { dividePhases } from '../phases.ts';
import type { Sample, Sampler, VariantFacts } from '../sample.ts';
import { phasesInLog } from '../samplers/cold-start.ts';
import { benchFailure } from '../samplers/failure.ts';
import type { DeployedFunction, Invoked } from './function.ts';
import { type PlatformReport, parsePlatformReport } from './platform-report.ts';
import { startKindOf } from './start-kind.ts';

/** An environment variable; changing it makes Lambda start new instances. */
export const MARK = 'COLDPRESS_BENCH';
const tries = 3;

export interface AwsSamplerOptions {
  fn: DeployedFunction;
  facts: VariantFacts;
  payload: Buffer;
  warm: number;
  /** The function's own environment, to which the mark is added. */
  environment: Record<string, string>;
  /** Returns a different value each time. */
  nextMark(): string;
}

/** Measures cold starts of a deployed function at one memory size. The caller restores what it changes. */
export function openAwsSampler(options: AwsSamplerOptions): Sampler {
  const { fn, facts, payload, warm, environment, nextMark } = options;
  const invoke = async (phase: string) => {
    const invoked = await fn.invoke(payload);
    return { ...invoked, report: checkAnswer(facts.name, phase, invoked) };
  };
  return {
    facts,
    close: async () => {},
    async sample() {
      for (let attempt = 0; attempt < tries; attempt++) {
        await fn.update({ memoryMb: facts.memoryMb, environment: { ...environment, [MARK]: nextMark() } });
        const first = await invoke('its first request');
        const kind = startKindOf(first.report, /"cold":1\b/.test(first.log) || undefined);
        if (kind === 'suppressed') {
          const { durationMs, status } = first.report.failedInit!;
          throw benchFailure(facts.name, {
            phase: 'INIT',
            reason: `it ended after ${durationMs} ms (${status}), and ran again inside the invocation`,
            log: first.log,
          });
        }
        if (kind === 'cold' || kind === 'restored') {
          const warmMs: number[] = [];
          let peakMemoryMb = first.report.maxMemoryUsedMb;
          while (warmMs.length < warm) {
            const { report } = await invoke(`request ${warmMs.length + 2}`);
            warmMs.push(report.durationMs);
            peakMemoryMb = Math.max(peakMemoryMb, report.maxMemoryUsedMb);
          }
          return { ...toSample(first), warmMs, peakMemoryMb, cpuMs: null };
        }
      }
      throw new ColdpressError('BENCH_NOT_COLD', `${facts.name} did not start cold in ${tries} tries`, {
        hint: 'Provisioned concurrency, or something else that invokes it, keeps instances ready: measure a copy.',
      });
    },
  };
}

/**
 * Combines AWS's times of INIT and answer with the function's own times of their parts; the rest of the round trip is
 * the platform's.
 */
function toSample({
  report,
  log,
  roundTripMs,
}: Invoked & { report: PlatformReport }): Omit<Sample, 'round' | 'warmMs' | 'peakMemoryMb' | 'cpuMs'> {
  const initMs = report.initDurationMs ?? report.restoreDurationMs ?? 0;
  const answerMs = report.durationMs;
  const phases = dividePhases({ initMs, answerMs, inside: phasesInLog(log) });
  const platform = Math.max(0, roundTripMs - initMs - answerMs);
  return { totalMs: platform + initMs + answerMs, initMs, answerMs, phases: { ...phases, platform } };
}

function checkAnswer(name: string, phase: string, { payload, functionError, log }: Invoked): PlatformReport {
  const failed = (reason: string) => benchFailure(name, { phase, reason, log });
  const report = parsePlatformReport(log);
  if (functionError !== undefined || (report !== undefined && report.status !== 'success')) {
    const status = report?.status === 'success' ? undefined : report?.status;
    throw failed(`${report?.errorType ?? status ?? functionError}: ${payload.toString()}`);
  }
  if (report === undefined) {
    throw failed('its log has no REPORT line');
  }
  const { statusCode = 200, answer } = readAnswer({ payload, contentType: 'application/json' });
  if (statusCode >= 400) {
    throw failed(`it answered ${statusCode}: ${JSON.stringify(answer)}`);
  }
  return report;
}
