import { randomBytes, randomUUID } from 'node:crypto';
import { ColdpressError } from '../errors.ts';
import type { Instance } from './instance.ts';
import { concludeInvocation, failureStatus, type Invocation } from './invocation.ts';
import type { LambdaPlan } from './lambda-options.ts';
import { formatInitReport } from './report.ts';
import { awaitInit, type InitEnd, type InvocationEnd, runInvocation } from './run-instance.ts';

export interface InvokeOptions {
  /** As JSON. */
  clientContext?: string | undefined;
}

export interface Executor {
  /** Runs INIT now instead of at the first invocation; returns how long it took and whether it failed. */
  init(): Promise<InitEnd>;
  /** Invokes the function with a JSON payload; invocations queue for the single instance. */
  invoke(payload: Uint8Array, options?: InvokeOptions): Promise<Invocation>;
  close(): Promise<void>;
}

export type ExecutorOptions = Omit<LambdaPlan, 'host' | 'env' | 'runtimeClient' | 'delivers'> & {
  functionArn: string;
  start(onLog: (text: string) => void): Promise<Instance>;
};

/**
 * Runs invocations one after another as Lambda does. INIT runs before the first invocation and does not count towards
 * its timeout. If INIT failed, or a process ended or timed out, INIT runs again within the next invocation and counts.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { memoryMb, timeoutSeconds, functionArn } = options;
  let instance: Instance | undefined;
  let init: Promise<InitEnd> | undefined;
  let initReported = false;
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;
  let maxMemoryUsedMb: number | undefined;
  let logs = '';

  function log(text: string) {
    logs += text;
    options.onLog(text);
  }

  function checkOpen() {
    options.signal?.throwIfAborted();
    if (closed) {
      throw new ColdpressError('LAMBDA_CLOSED', 'the local Lambda was closed before it had answered');
    }
  }

  async function boot(phase: 'init' | 'invoke', limitMs: number): Promise<InitEnd> {
    checkOpen();
    instance = await options.start(log);
    if (closed) {
      await discard();
    }
    checkOpen();
    const end = await awaitInit(instance, limitMs);
    checkOpen();
    maxMemoryUsedMb = instance.memoryMb();
    if (end.kind === 'failed') {
      await discard();
      log(formatInitReport({ initMs: end.initMs, phase, ...failureStatus(end.failure) }));
    }
    return end;
  }

  async function discard() {
    const ended = instance;
    instance = undefined;
    await ended?.kill();
    await ended?.logsSettled();
  }

  /** Runs an invocation on the current instance or on a new one, whose INIT counts towards `limitMs`. */
  async function run(
    request: Parameters<typeof runInvocation>[1],
    limitMs: number,
  ): Promise<InvocationEnd & { initMs?: number }> {
    const inside = instance === undefined ? await boot('invoke', limitMs) : undefined;
    if (inside?.kind === 'failed') {
      return { outcome: inside.failure, alive: false, ...inside, answerMs: 0 };
    }
    const end = await runInvocation(instance!, request, limitMs - (inside?.initMs ?? 0));
    maxMemoryUsedMb = instance?.memoryMb();
    return inside === undefined ? end : { ...end, initMs: inside.initMs };
  }

  async function invokeNow(payload: Uint8Array, invokeOptions: InvokeOptions): Promise<Invocation> {
    const before = await startInit();
    const initDurationMs = before.kind === 'ready' && !initReported ? before.initMs : undefined;
    initReported = true;
    const requestId = randomUUID();
    log(`START RequestId: ${requestId} Version: $LATEST\n`);
    const startedAt = performance.now();
    const limitMs = timeoutSeconds * 1000;
    const deadlineMs = Date.now() + limitMs;
    const request = { requestId, deadlineMs, functionArn, payload, traceId: newTraceId(), ...invokeOptions };
    const end = await run(request, limitMs);
    checkOpen();
    const durationMs = performance.now() - startedAt;
    if (!end.alive) {
      await discard();
    }
    const { lines, ...conclusion } = concludeInvocation({
      requestId,
      outcome: end.outcome,
      timeoutSeconds,
      memoryMb,
      maxMemoryUsedMb,
      durationMs,
      initDurationMs,
    });
    log(lines);
    const printed = logs;
    logs = '';
    const initMs = end.initMs ?? initDurationMs;
    return {
      requestId,
      ...conclusion,
      logs: printed,
      answerMs: end.answerMs,
      ...(initMs === undefined ? {} : { initMs }),
    };
  }

  function startInit() {
    init ??= boot('init', options.initLimitMs);
    return init;
  }

  return {
    init: startInit,
    invoke(payload, invokeOptions = {}) {
      const invocation = queue.then(() => invokeNow(payload, invokeOptions));
      queue = invocation.catch(() => {});
      return invocation;
    },
    async close() {
      closed = true;
      await discard();
    },
  };
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function newTraceId(): string {
  const time = Math.floor(Date.now() / 1000).toString(16);
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return `Root=1-${time}-${hex(12)};Parent=${hex(8)};Sampled=0`;
}
