import { RequestError } from '../errors.ts';
import type { Outcome } from '../score/outcome.ts';
import type { SinkEntry } from '../sinks/sink.ts';
import type { EventRecord } from './event-record.ts';
import type { EventScope } from './event-scope.ts';

/** What the results' sink gets of a record; nothing of one that failed or had nothing to score. */
export function resultEntry(record: EventRecord, outcome: Outcome, scope: EventScope): SinkEntry | undefined {
  if (!outcome.ok || outcome.result === undefined) {
    return undefined;
  }
  return entry(record, scope, { result: outcome.result });
}

/** What the failures' sink gets of a record, which is all there is: nothing else will remember it. */
export function failureEntry(
  record: EventRecord,
  outcome: Outcome,
  scope: EventScope,
): SinkEntry | undefined {
  if (outcome.ok) {
    return undefined;
  }
  return entry(record, scope, { error: toldError(outcome.error), record: record.raw });
}

/** An error as it is told beside the record that it failed. */
export function toldError(error: Error): { code: string; message: string } {
  const { message } = error;
  return error instanceof RequestError ? { code: error.code, message } : { code: 'INTERNAL', message };
}

/** Nothing in it changes from one delivery of a record to the next. */
function entry(record: EventRecord, { fn, invocation, source }: EventScope, body: object): SinkEntry {
  const { name, model, events } = fn.model.manifest;
  const id = ownId(record, events.id) ?? record.id;
  const facts = { name, sha256: model.sha256, version: fn.version };
  return { id, body: { id, source, ...body, model: facts }, trace: record.trace ?? invocation.trace };
}

/** The identifier that the config names in the record, where it can be read. */
function ownId(record: EventRecord, field: string | null): string | undefined {
  if (field === null) {
    return undefined;
  }
  try {
    const content = record.read();
    const value =
      content.kind === 'record' ? (content.record as Record<string, unknown> | null)?.[field] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  } catch {
    // It is a failure for that reason, and goes by the source's identifier.
    return undefined;
  }
}
