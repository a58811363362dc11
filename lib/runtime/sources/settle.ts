import type { ObjectReference } from '../objects/types.ts';
import { loadChunk } from '../platform/load-chunk.ts';
import { failed, type Outcome } from '../score/outcome.ts';
import { skip } from '../telemetry/tally.ts';
import type { Content, EventRecord } from './event-record.ts';
import type { EventScope } from './event-scope.ts';
import { readEvent } from './read-event.ts';

/** Reads and scores the records of an event: all plain records in one batch, then object by object. */
export async function settle(records: readonly EventRecord[], scope: EventScope): Promise<Outcome[]> {
  const { fn, invocation } = scope;
  const outcomes: Outcome[] = [];
  const contents = records.map((record, index): Content => {
    try {
      return readEvent(scope.source, record.read);
    } catch (error) {
      outcomes[index] = failed(error);
      return { kind: 'nothing' };
    }
  });
  skip(
    invocation.tally,
    contents.filter(({ kind }, index) => kind === 'nothing' && !(index in outcomes)).length,
  );
  const plain = contents.flatMap((content, index) =>
    content.kind === 'record' ? [{ index, record: content.record }] : [],
  );
  invocation.tally.records += plain.length + outcomes.filter(outcome => !outcome.ok).length;
  const scored = await fn.scoreRecords(
    plain.map(({ record }) => record),
    { remainingMs: invocation.remainingMs },
  );
  for (const [position, { index }] of plain.entries()) {
    outcomes[index] = scored[position]!;
  }
  for (const [index, content] of contents.entries()) {
    if (content.kind === 'objects') {
      outcomes[index] = await scoreObjects(content.objects, scope);
    } else {
      outcomes[index] ??= { ok: true, result: undefined };
    }
  }
  return outcomes;
}

/** Returns a summary per object; if one object fails, all of them are redelivered. */
async function scoreObjects(all: ObjectReference[], { fn, invocation }: EventScope): Promise<Outcome> {
  // Consoles create an empty object with such a name for a folder.
  const objects = all.filter(({ key }) => !key.endsWith('/'));
  if (objects.length === 0) {
    return { ok: true, result: undefined };
  }
  try {
    const { scoreObject } = await loadObjects(fn.model.manifest.events.objects !== null);
    const summaries = [];
    for (const object of objects) {
      summaries.push(await scoreObject(object, fn, invocation));
    }
    return { ok: true, result: summaries.length === 1 ? summaries[0] : summaries };
  } catch (error) {
    return failed(error);
  }
}

function loadObjects(isConfigured: boolean): Promise<typeof import('../objects/score-object.ts')> {
  if (!isConfigured) {
    throw new Error(
      'this function was packed without "events.objects", so it cannot score objects of a bucket',
    );
  }
  return loadChunk('objects/score-object');
}
