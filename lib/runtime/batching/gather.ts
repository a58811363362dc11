import { channel } from 'node:diagnostics_channel';
import { now } from '../clock.ts';
import { RequestError } from '../errors.ts';
import type { BatchLimits } from './limits.ts';

/** An item waiting for a run. Items with the same key can share a run. */
export interface Item<Value> {
  value: Value;
  rows: number;
  key: string;
}

type Waiting<Value, Result> = Item<Value> & PromiseWithResolvers<Result>;

/** Runs several items and returns one result for each. If it throws, any of them may be the cause. */
export type RunTogether<Value, Result> = (values: Value[]) => Result[] | Promise<Result[]>;

/** An instance is idle this long after its last run: a request that arrives then has no company. */
const idleMs = 2;

let keys = 0;

/** Returns a unique key: an item waiting under it runs alone. */
export function nextKey(): string {
  keys += 1;
  return `alone ${keys}`;
}

/** Connections accepted so far. */
let connections = 0;
channel('net.server.socket').subscribe(() => {
  connections += 1;
});

/**
 * Gathers items that arrive together and runs them as one batch. The engine blocks the event loop, so requests that
 * arrive during a run are all read in the turn after it; the next run begins at the end of that turn. An item that
 * arrives at an idle instance runs at once. Node accepts one connection per turn, so a turn that accepted one is
 * followed by another: otherwise many new clients would each wait for a separate run while the earlier clients are
 * served again.
 * @returns a function that takes an item and resolves to its result; it throws RequestError 503 if the queue is full
 */
export function gather<Value, Result>(
  run: RunTogether<Value, Result>,
  { maxRows, maxWaitMs, maxWaiting }: BatchLimits,
): (item: Item<Value>) => Promise<Result> {
  let waiting: Waiting<Value, Result>[] = [];
  let isScheduled = false;
  let lastCount = 0;
  let lastEndMs = Number.NEGATIVE_INFINITY;
  let firstMs = 0;
  let turns = 0;
  let lastConnections = 0;

  function flush() {
    const isShort = 2 * waiting.length < Math.min(lastCount, maxRows) && now() - firstMs < maxWaitMs;
    const isCrowding = connections > lastConnections && turns < maxRows;
    lastConnections = connections;
    turns += 1;
    if ((isShort || isCrowding) && waiting.length < maxWaiting) {
      setImmediate(flush);
      return;
    }
    turns = 0;
    const [batch, rest] = split(waiting, maxRows);
    waiting = rest;
    lastCount = batch.length;
    runBatch(batch, run).finally(() => {
      lastEndMs = now();
      firstMs = lastEndMs;
      isScheduled = waiting.length > 0;
      if (isScheduled) {
        // Deferred so that requests that arrived during the run are read first.
        setImmediate(flush);
      }
    });
  }

  return item => {
    if (waiting.length >= maxWaiting) {
      const message = `${waiting.length} requests are already waiting, the most that are allowed; retry later`;
      return Promise.reject(new RequestError(503, 'BUSY', message));
    }
    const entry = { ...item, ...Promise.withResolvers<Result>() };
    waiting.push(entry);
    if (!isScheduled) {
      isScheduled = true;
      firstMs = now();
      if (firstMs - lastEndMs > idleMs) {
        lastCount = 0;
        lastConnections = connections;
        flush();
      } else {
        setImmediate(flush);
      }
    }
    return entry.promise;
  };
}

/** Splits off the first item and those that can share its run, in order. */
function split<Value, Result>(
  waiting: Waiting<Value, Result>[],
  maxRows: number,
): [batch: Waiting<Value, Result>[], rest: Waiting<Value, Result>[]] {
  const [first] = waiting;
  let rows = 0;
  const batch: Waiting<Value, Result>[] = [];
  const rest: Waiting<Value, Result>[] = [];
  for (const entry of waiting) {
    const fits = entry === first || (entry.key === first!.key && rows + entry.rows <= maxRows);
    rows += fits ? entry.rows : 0;
    (fits ? batch : rest).push(entry);
  }
  return [batch, rest];
}

/** Runs a batch. If it fails, each item runs alone. */
async function runBatch<Value, Result>(
  batch: Waiting<Value, Result>[],
  run: RunTogether<Value, Result>,
): Promise<void> {
  try {
    const results = await run(batch.map(({ value }) => value));
    for (const [index, entry] of batch.entries()) {
      entry.resolve(results[index]!);
    }
  } catch (error) {
    if (batch.length === 1) {
      batch[0]!.reject(error);
      return;
    }
    for (const entry of batch) {
      // Yields to the event loop between items, because each may take as long as the whole batch.
      await new Promise(setImmediate);
      await runBatch([entry], run);
    }
  }
}
