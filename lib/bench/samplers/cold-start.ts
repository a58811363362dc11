import { randomUUID } from 'node:crypto';
import type { ColdpressError } from '../../errors.ts';
import { type Answer, readAnswer } from '../../local/answer.ts';
import { functionArn } from '../../local/environment.ts';
import type { Instance } from '../../local/instance.ts';
import { errorOf, type Failure } from '../../local/outcome.ts';
import { awaitInit, runInvocation } from '../../local/run-instance.ts';
import { parseServerTiming, type TimedPhase } from '../../local/server-timing.ts';
import { cpuTimeMs } from '../machine/cpu-time.ts';
import { dividePhases } from '../phases.ts';
import type { Sample } from '../sample.ts';
import { beforeRequests, benchFailure } from './failure.ts';

export interface ColdStartOptions {
  /** Name of the variant, for errors. */
  name: string;
  functionName: string;
  payload: Buffer;
  /** Number of requests after the first one. */
  warm: number;
  initLimitMs: number;
  timeoutSeconds: number;
  log(): string;
  signal?: AbortSignal | undefined;
}

/** Times a newly started process until its first answer, then the following answers, and ends it. */
export async function takeColdStart(
  instance: Instance,
  options: ColdStartOptions,
): Promise<Omit<Sample, 'round'>> {
  const kill = () => void instance.kill();
  options.signal?.addEventListener('abort', kill, { once: true });
  try {
    const init = await awaitInit(instance, options.initLimitMs);
    options.signal?.throwIfAborted();
    if (init.kind === 'failed') {
      throw failed(beforeRequests('INIT'), describe(init.failure, options), options);
    }
    const first = await sendRequest(instance, options, 'its first request');
    const cpuMs = cpuTimeMs(instance.pid);
    const header = first.answer.headers?.['server-timing'];
    const inside = header === undefined ? phasesInLog(options.log()) : parseServerTiming(String(header));
    const warmMs: number[] = [];
    while (warmMs.length < options.warm) {
      warmMs.push((await sendRequest(instance, options, `request ${warmMs.length + 2}`)).answerMs);
    }
    const { initMs, uptime } = init;
    const { answerMs } = first;
    const phases = dividePhases({ initMs, answerMs, inside, uptime });
    const peakMemoryMb = instance.memoryMb() ?? null;
    return { totalMs: initMs + answerMs, initMs, answerMs, phases, warmMs, peakMemoryMb, cpuMs };
  } finally {
    options.signal?.removeEventListener('abort', kill);
    await instance.kill();
  }
}

async function sendRequest(instance: Instance, options: ColdStartOptions, phase: string) {
  const limitMs = options.timeoutSeconds * 1000;
  const request = {
    requestId: randomUUID(),
    deadlineMs: Date.now() + limitMs,
    functionArn: functionArn(options.functionName),
    traceId: '',
    payload: options.payload,
  };
  const { outcome, answerMs } = await runInvocation(instance, request, limitMs);
  options.signal?.throwIfAborted();
  if (outcome.kind !== 'response') {
    throw failed(phase, describe(outcome, options), options);
  }
  const answer: Answer = readAnswer(outcome);
  if ((answer.statusCode ?? 200) >= 400) {
    throw failed(phase, `it answered ${answer.statusCode}: ${JSON.stringify(answer.answer)}`, options);
  }
  return { answer, answerMs };
}

/** A function that does not answer over HTTP reports its phases in a telemetry line of its log. */
export function phasesInLog(log: string): TimedPhase[] {
  const [, phases = ''] = /"phases":\{([^}]*)\}/.exec(log) ?? [];
  return [...phases.matchAll(/"(\w+)":([\d.]+)/g)].map(([, name = '', ms]) => ({ name, ms: Number(ms) }));
}

function describe(failure: Failure, { timeoutSeconds, initLimitMs }: ColdStartOptions): string {
  if (failure.kind === 'timeout') {
    return `no end within ${timeoutSeconds} s (INIT: ${initLimitMs / 1000} s)`;
  }
  const { errorType, payload } = errorOf(failure, '', timeoutSeconds);
  const { errorMessage } = JSON.parse(payload.toString()) as { errorMessage?: string };
  // Lambda prefixes its own errors with a request ID, which means nothing for requests of a benchmark.
  return `${errorType}: ${(errorMessage ?? '').replace(/^RequestId: \S* Error: /, '')}`;
}

function failed(phase: string, reason: string, { name, log }: ColdStartOptions): ColdpressError {
  return benchFailure(name, { phase, reason, log: log() });
}
