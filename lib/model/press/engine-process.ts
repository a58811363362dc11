import { fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ColdpressError } from '../../errors.ts';
import { checkInstalled } from '../../native/shipped.ts';
import { reapProcess } from '../../reaper.ts';
import type { OutputMetadata, ProbeAnswer, ProbeRequest, ProbeTensor } from '../../runtime/probe/types.ts';
import { explainEngineError } from '../engine-errors.ts';
import { busiestThreadMs, peakResidentBytes } from './process-usage.ts';

export interface EngineLimits {
  /** Computing time of one request, on one thread; by the clock, where the system does not count it, or ten times as long. */
  timeoutMs: number;
  /** Resident memory of the process. */
  memoryBytes: number;
  /** Kills the process when it aborts. */
  signal?: AbortSignal | undefined;
}

export interface EngineAnswer {
  kind: 'answered';
  ms: number;
  tensors: ProbeTensor[];
  /** Of the model that was opened. */
  outputs: OutputMetadata[];
  /** Multiply-adds by kernel, where they were counted. */
  work?: Map<string, number>;
}

/** What became of a request to the engine: it answered, it refused, or the process is gone. */
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

const entry = fileURLToPath(new URL(`../../../handlers/probe${extname(import.meta.url)}`, import.meta.url));
const pollMs = 20;
/** By how much a request may take longer by the clock, on a machine that does other things as well. */
const patience = 10;

/**
 * Starts the engine. It runs one request at a time.
 * @throws ColdpressError NATIVE_CHANGED
 */
export function startEngine(limits: EngineLimits, env: Record<string, string> = {}): EngineProcess {
  checkInstalled(process.platform, process.arch);
  const child = fork(entry, {
    // Typed arrays and BigInts cross as they are.
    serialization: 'advanced',
    // ONNX Runtime reports on stderr what it also says in its errors.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, ...compileCache(), ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // In a group of its own: Ctrl-C in a terminal is for coldpress alone, which would take the engine's end for a crash.
    detached: process.platform !== 'win32',
    killSignal: 'SIGKILL',
    ...(limits.signal && { signal: limits.signal }),
  });
  // Before anything that may throw: an error that nobody listens for would end this process.
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
  // Twice, where Ctrl-C comes as a request is sent: the abort, and a channel that is closed. `exit` says the rest.
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

/** The parent's compile cache, where it has one: in a clone it spares each child the stripping of types. */
function compileCache(): Record<string, string> {
  const dir = getCompileCacheDir();
  return dir === undefined ? {} : { NODE_COMPILE_CACHE: dir };
}

/** Why there is no answer, in the engine's own words. */
export function describeFailure(result: Exclude<EngineResult, { kind: 'answered' }>): string {
  return result.kind === 'refused' ? result.message : result.detail;
}

/** The answer, or the one clear error that a refusal or a death becomes. */
export function expectAnswer(result: EngineResult, what: string): EngineAnswer {
  if (result.kind === 'answered') {
    return result;
  }
  if (result.kind === 'refused') {
    throw explainEngineError(result.message);
  }
  const codes = { crash: 'ENGINE_CRASHED', timeout: 'ENGINE_HUNG', memory: 'ENGINE_OUT_OF_MEMORY' } as const;
  throw new ColdpressError(codes[result.how], `ONNX Runtime crashed during ${what}: ${result.detail}`, {
    hint: 'the model makes the engine fail; in a function it would take the whole process down',
  });
}
