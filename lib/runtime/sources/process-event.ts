import type { Outcome } from '../score/outcome.ts';
import type { Sink, SinkEntry } from '../sinks/sink.ts';
import type { EventRecord } from './event-record.ts';
import type { EventScope, FailedRecord } from './event-scope.ts';
import { settle } from './settle.ts';
import { failureEntry, resultEntry } from './to-entries.ts';

/**
 * Scores the records of an event as one batch, passes results and final failures to their sinks, and returns the
 * records that still have to be done: failures that no sink has stored, and the records behind them in their lane.
 */
export async function processEvent(
  records: readonly EventRecord[],
  scope: EventScope,
): Promise<FailedRecord[]> {
  const processed = await processRecords(records, scope);
  return processed.flatMap(({ again }, index) =>
    again === undefined ? [] : [{ id: records[index]!.item ?? records[index]!.id, error: again }],
  );
}

/** The outcome of one record. */
export interface ProcessedRecord {
  outcome: Outcome;
  /** The reason why it must be redelivered, if so. */
  again: Error | undefined;
}

/** Like `processEvent`, for sources that answer per record. */
export async function processRecords(
  records: readonly EventRecord[],
  scope: EventScope,
): Promise<ProcessedRecord[]> {
  const { fn, invocation } = scope;
  const outcomes = await settle(records, scope);
  invocation.tally.failures += outcomes.filter(outcome => !outcome.ok).length;

  const errors = new Map<number, Error>();
  for (const [index, outcome] of outcomes.entries()) {
    if (!outcome.ok && !(outcome.final && fn.sinks.failures !== undefined)) {
      errors.set(index, outcome.error);
    }
  }
  // Failures are sent first: if one is not stored, results behind it in its lane must wait.
  const failures = pick(records, errors, index => failureEntry(records[index]!, outcomes[index]!, scope));
  const { remainingMs } = invocation;
  await deliver(fn.sinks.failures, failures, { errors, remainingMs });
  const results = pick(records, errors, index => resultEntry(records[index]!, outcomes[index]!, scope));
  await deliver(fn.sinks.results, results, { errors, remainingMs });
  const blocked = blockedBy(errors, records);
  return outcomes.map((outcome, index) => ({
    outcome,
    again: blocked[index] ? (errors.get(index) ?? blockingError(outcome)) : undefined,
  }));
}

/** Returns entries of the records that did not fail and are not behind a failed one. */
function pick(
  records: readonly EventRecord[],
  errors: Map<number, Error>,
  toEntry: (index: number) => SinkEntry | undefined,
): Map<number, SinkEntry> {
  const entries = new Map<number, SinkEntry>();
  for (const [index, isBlocked] of blockedBy(errors, records).entries()) {
    const entry = isBlocked ? undefined : toEntry(index);
    if (entry !== undefined) {
      entries.set(index, entry);
    }
  }
  return entries;
}

/** Returns for each record whether it failed or is behind a failed one of its lane. */
function blockedBy(errors: Map<number, Error>, records: readonly EventRecord[]): boolean[] {
  const lanes = new Set<string>();
  return records.map(({ lane }, index) => {
    const isBlocked = errors.has(index) || (lane !== undefined && lanes.has(lane));
    if (isBlocked && lane !== undefined) {
      lanes.add(lane);
    }
    return isBlocked;
  });
}

/** The share of the time left that is reserved for the invocation's answer, and its maximum in milliseconds. */
const reserve = { share: 0.25, mostMs: 300 } as const;

/** Sends entries, and records the errors of those that the sink did not store in time. */
async function deliver(
  sink: Sink | undefined,
  entries: Map<number, SinkEntry>,
  { errors, remainingMs }: { errors: Map<number, Error>; remainingMs: () => number },
): Promise<void> {
  if (sink === undefined || entries.size === 0) {
    return;
  }
  const sent = [...entries.values()];
  const deadline = new AbortController();
  const leftMs = Math.max(0, remainingMs());
  const timer = setTimeout(() => deadline.abort(), leftMs - Math.min(reserve.share * leftMs, reserve.mostMs));
  const refusals = await sink
    .send(sent, deadline.signal)
    .catch((error: Error) => sent.map(() => error))
    .finally(() => clearTimeout(timer));
  for (const [position, index] of [...entries.keys()].entries()) {
    const refusal = refusals[position];
    if (refusal !== undefined) {
      errors.set(index, refusal);
    }
  }
}

function blockingError(outcome: Outcome): Error {
  return outcome.ok ? new Error('not delivered yet, because an earlier record failed') : outcome.error;
}
