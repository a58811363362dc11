import { RequestError } from '../errors.ts';
import type { Outcome } from '../score/outcome.ts';
import type { SinkEntry } from '../sinks/sink.ts';
import type { EventRecord } from './event-record.ts';
import type { EventScope } from './event-scope.ts';

/** Returns a record's entry for the results sink, or `undefined` if it failed or had nothing to score. */
export function resultEntry(record: EventRecord, outcome: Outcome, scope: EventScope): SinkEntry | undefined {
  if (!outcome.ok || outcome.result === undefined) {
    return undefined;
  }
  return entry(record, scope, { result: outcome.result });
}

/** Returns a record's entry for the failures sink, with everything known, because nothing else keeps it. */
export function failureEntry(
  record: EventRecord,
  outcome: Outcome,
  scope: EventScope,
): SinkEntry | undefined {
  if (outcome.ok) {
    return undefined;
  }
  return entry(record, scope, { error: describeError(outcome.error), record: record.raw });
}

/** Returns the form of an error that accompanies its failed record. */
export function describeError(error: Error): { code: string; message: string } {
  const { message } = error;
  return error instanceof RequestError ? { code: error.code, message } : { code: 'INTERNAL', message };
}

/** Returns an entry that is equal at each delivery of a record. */
function entry(record: EventRecord, { fn, invocation, source }: EventScope, body: object): SinkEntry {
  const { name, model, events } = fn.model.manifest;
  const id = ownId(record, events.id) ?? record.id;
  const facts = { name, sha256: model.sha256, version: fn.version };
  return { id, body: { id, source, ...body, model: facts }, trace: record.trace ?? invocation.trace };
}

/** Returns the identifier in the field that the config names, if it can be read. */
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
    // The record fails for this reason, and the source's identifier is used.
    return undefined;
  }
}
