import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileCacheVariable } from '../../compile-cache.ts';
import { ColdpressError } from '../../errors.ts';
import { checkInstalled } from '../../native/shipped.ts';
import { reapProcess } from '../../reaper.ts';
import type { OutputMetadata, ProbeAnswer, ProbeRequest, ProbeTensor } from '../../runtime/probe/types.ts';
import { explainEngineError } from '../engine-errors.ts';
import { busiestThreadMs, peakResidentBytes } from './process-usage.ts';

export interface EngineLimits {
  /** CPU time of a request's busiest thread. The clock allows 10 times as much, or the same if CPU time is unknown. */
  timeoutMs: number;
  /** Resident memory of the process. */
  memoryBytes: number;
  /** Kills the process when it aborts. */
  signal?: AbortSignal | undefined;
  /** Where parts of a press leave their processes for later parts. @default nowhere */
  idle?: IdleEngines;
}

export interface EngineAnswer {
  kind: 'answered';
  ms: number;
  tensors: ProbeTensor[];
  /** Outputs of the opened model. */
  outputs: OutputMetadata[];
  /** Multiply-adds by kernel, if they were counted. */
  work?: Map<string, number>;
}

/** The outcome of a request to the engine: an answer, a refusal, or the end of the process. */
export type EngineResult =
  | EngineAnswer
  | { kind: 'refused'; message: string }
  | { kind: 'died'; how: 'crash' | 'timeout' | 'memory'; detail: string };

/** ONNX Runtime in a child process with limits. */
export interface EngineProcess {
  request(request: ProbeRequest): Promise<EngineResult>;
  /** Highest resident memory seen, in bytes. */
  peakBytes(): number;
  close(): void;
}

/** Processes that parts of a press have finished with, for later parts: to start one takes 0.1 s. */
export interface IdleEngines {
  /** By engine and environment variables. */
  readonly left: Map<string, LeftEngine[]>;
}

interface LeftEngine {
  process: EngineProcess;
  /** Resolves when its model is closed. */
  closed: Promise<EngineResult>;
}

const entry = fileURLToPath(new URL(`../../../handlers/probe${extname(import.meta.url)}`, import.meta.url));
const pollMs = 20;
/** How many times longer a request may take by the clock, because the machine may be busy with other work. */
const patience = 10;

/**
 * Starts the engine. It runs one request at a time.
 * @throws ColdpressError NATIVE_CHANGED
 */
export function startEngine(limits: EngineLimits, env: Record<string, string> = {}): EngineProcess {
  checkInstalled(process.platform, process.arch);
  const child = fork(entry, {
    // Transfers typed arrays and BigInts without conversion.
    serialization: 'advanced',
    // ONNX Runtime's stderr repeats the messages of its errors.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, ...compileCacheVariable(), ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Its own process group: Ctrl-C must only reach coldpress, which would mistake the engine's end for a crash.
    detached: process.platform !== 'win32',
    killSignal: 'SIGKILL',
    ...(limits.signal && { signal: limits.signal }),
  });
  // Registered before anything that may throw: an `error` event without a listener would end this process.
  const notStarted = new Promise<never>((_, reject) => child.once('error', reject));
  notStarted.catch(() => {});
  reapProcess(child);
  let peak = 0;
  let death: EngineResult | undefined;
  const die = (result: EngineResult) => {
    death ??= result;
    child.kill('SIGKILL');
  };
  const timeOut = () =>
    die({ kind: 'died', how: 'timeout', detail: `took longer than ${limits.timeoutMs} ms` });
  let endOfRequestMs = Number.POSITIVE_INFINITY;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakResidentBytes(child.pid));
    if (peak > limits.memoryBytes) {
      die({ kind: 'died', how: 'memory', detail: `used more than ${limits.memoryBytes} bytes of memory` });
    }
    if ((busiestThreadMs(child.pid) ?? 0) > endOfRequestMs) {
      timeOut();
    }
  }, pollMs);
  child.once('exit', (code, signal) => {
    clearInterval(watch);
    death ??= { kind: 'died', how: 'crash', detail: signal ?? `exit code ${code}` };
  });
  // Ctrl-C while a request is sent emits two errors: the abort, and a closed channel. `exit` reports the outcome.
  child.on('error', () => clearInterval(watch));

  return {
    async request(request) {
      if (child.pid === undefined) {
        return notStarted;
      }
      if (death !== undefined) {
        return death;
      }
      const { promise, resolve } = Promise.withResolvers<EngineResult>();
      const onMessage = (answer: ProbeAnswer) =>
        resolve(answer.ok ? { kind: 'answered', ...answer } : { kind: 'refused', message: answer.message });
      const onExit = () => resolve(death!);
      const usedMs = busiestThreadMs(child.pid);
      endOfRequestMs = (usedMs ?? 0) + limits.timeoutMs;
      const timer = setTimeout(timeOut, limits.timeoutMs * (usedMs === undefined ? 1 : patience));
      child.once('message', onMessage);
      child.once('exit', onExit);
      child.send(request);
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        endOfRequestMs = Number.POSITIVE_INFINITY;
        child.off('message', onMessage);
        child.off('exit', onExit);
      }
    },
    peakBytes: () => peak,
    close: () => {
      clearInterval(watch);
      child.kill('SIGKILL');
    },
  };
}

/** Returns the reason why there is no answer, in the engine's own words. */
export function describeFailure(result: Exclude<EngineResult, { kind: 'answered' }>): string {
  return result.kind === 'refused' ? result.message : result.detail;
}

/** Returns the answer, or throws an error that explains the refusal or the crash. */
export function expectAnswer(result: EngineResult, what: string): EngineAnswer {
  if (result.kind === 'answered') {
    return result;
  }
  if (result.kind === 'refused') {
    throw explainEngineError(result.message);
  }
  const codes = { crash: 'ENGINE_CRASHED', timeout: 'ENGINE_HUNG', memory: 'ENGINE_OUT_OF_MEMORY' } as const;
  throw new ColdpressError(codes[result.how], `ONNX Runtime crashed during ${what}: ${result.detail}`, {
    hint: 'the model crashes the engine; in a function it would crash the whole process',
  });
}
