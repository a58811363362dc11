import { channel } from 'node:diagnostics_channel';
import { now } from '../clock.ts';
import { RequestError } from '../errors.ts';
import type { BatchLimits } from './limits.ts';

/** What waits for a run. Items of one key can share it. */
export interface Item<Value> {
  value: Value;
  rows: number;
  key: string;
}

type Waiting<Value, Result> = Item<Value> & PromiseWithResolvers<Result>;

/** Runs some items, one result each; a throw is the fault of any of them. */
export type RunTogether<Value, Result> = (values: Value[]) => Result[] | Promise<Result[]>;

/** An instance is idle when its last run has ended so long ago: whoever comes then comes alone. */
const idleMs = 2;

let keys = 0;

/** A key that no other item has: what waits under it runs alone. */
export function nextKey(): string {
  keys += 1;
  return `alone ${keys}`;
}

/** Connections that were accepted. */
let connections = 0;
channel('net.server.socket').subscribe(() => {
  connections += 1;
});

/**
 * Gathers items that arrive together and runs them as one. The engine computes on the event loop's thread, so requests
 * that come during a run are all read in the turn after it; a run begins at the end of that turn. One that comes to an
 * idle instance runs at once. Node accepts one connection a turn, so a turn that brought one is followed by another:
 * else many new clients would wait for as many runs, while those before them are answered again and again.
 * @returns a function that takes an item and answers with its result. It throws RequestError 503 when the queue is full
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
        // Not at once: what came during the run is read first.
        setImmediate(flush);
      }
    });
  }

  return item => {
    if (waiting.length >= maxWaiting) {
      const message = `${waiting.length} requests wait already, as many as may; send it again later`;
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

/** The first item and those that can share its run, in order; and all others. */
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

/** One that spoils a run for all has each run alone. */
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
      // A turn of the event loop between two: each may take as long as all of them together.
      await new Promise(setImmediate);
      await runBatch([entry], run);
    }
  }
}
