import { setTimeout as sleep } from 'node:timers/promises';
import { deliverReady } from '../../settle.ts';
import { type Exception, type Printed, readPrinted } from './exception.ts';
import type { ReadFrames } from './frames.ts';
import { type Delivery, type LogEntry, splitLog } from './split-log.ts';

/** A request that a function has answered. */
export interface AnsweredRequest {
  method: string;
  path: string;
  status: number;
  ms: number;
  /** Absent if the function does not report them. */
  records?: number;
  /** Records that failed. */
  failures?: number;
}

/** An event of a served function. */
export type FunctionEvent =
  | ({ kind: 'request' } & AnsweredRequest)
  | ({ kind: 'delivery' } & Delivery)
  | Printed;

export interface FunctionLog {
  /** Receives the function's output as it arrives. */
  push(text: string): void;
  /** Reports the output so far. */
  settle(): Promise<void>;
  /** Reports a request, after all output that belongs to it. */
  answered(request: AnsweredRequest, requestId: string | undefined): Promise<void>;
  /** The last exception since `since`, a value of `performance.now()`. */
  lastException(since: number): Exception | undefined;
}

/** Kept for invocations that no request waits for, such as asynchronous ones. */
const keptCounts = 100;

/**
 * Creates events from a function's log.
 * @param telemetryMs - how long after the answer the telemetry line may arrive
 */
export function functionLog(
  readFrames: ReadFrames,
  { onEvent, telemetryMs }: { onEvent: (event: FunctionEvent) => void; telemetryMs: number },
): FunctionLog {
  let pending = '';
  let isDue = false;
  let last: { at: number; exception: Exception } | undefined;
  const countsOf = new Map<string, Pick<AnsweredRequest, 'records' | 'failures'>>();

  /** Reads the complete lines. */
  function flush() {
    const end = pending.lastIndexOf('\n');
    const text = pending.slice(0, Math.max(0, end));
    pending = pending.slice(end + 1);
    for (const entry of end < 0 ? [] : splitLog(text)) {
      if (entry.kind === 'telemetry') {
        keep(entry);
        continue;
      }
      if (entry.kind === 'delivery') {
        onEvent(entry);
        continue;
      }
      for (const printed of readPrinted(entry.text, readFrames)) {
        if (printed.kind === 'exception') {
          last = { at: performance.now(), exception: printed };
        }
        onEvent(printed);
      }
    }
  }

  function keep({ requestId, records, failures }: Extract<LogEntry, { kind: 'telemetry' }>) {
    countsOf.set(requestId, { records, failures });
    if (countsOf.size > keptCounts) {
      countsOf.delete(countsOf.keys().next().value!);
    }
  }

  async function settle() {
    await deliverReady();
    isDue = false;
    flush();
  }

  async function counts(requestId: string) {
    for (let waitedMs = 0; !countsOf.has(requestId) && waitedMs < telemetryMs; waitedMs += 10) {
      await sleep(10, undefined, { ref: false });
      flush();
    }
    const counted = countsOf.get(requestId);
    countsOf.delete(requestId);
    return counted;
  }

  return {
    push(text) {
      pending += text;
      // One message may arrive in several parts.
      if (!isDue) {
        isDue = true;
        settle();
      }
    },
    settle,
    async answered(request, requestId) {
      await settle();
      // Other requests have no telemetry, or none about records.
      const hasRecords = request.method === 'POST' && requestId !== undefined;
      const counted = hasRecords ? await counts(requestId) : undefined;
      onEvent({ kind: 'request', ...request, ...counted });
    },
    lastException: since => (last !== undefined && last.at >= since ? last.exception : undefined),
  };
}
