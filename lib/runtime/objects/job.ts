import { defaultObjects } from '../../contract/defaults.ts';
import { RequestError } from '../errors.ts';
import type { Column } from '../files/types.ts';
import type { ColdpressFunction } from '../function.ts';
import type { Invocation } from '../platform/invocation.ts';
import type { Observe } from '../telemetry/observe.ts';
import { newTally } from '../telemetry/tally.ts';
import { readPart } from './division/read-part.ts';
import { readHeader } from './division/record-start.ts';
import type { Header } from './division/types.ts';
import { chooseFormat } from './formats.ts';
import { type GoogleStore, openStore } from './gcs.ts';
import { type JobPlan, resolveJob } from './job-plan.ts';
import { configuredFormat, describeWork, listWork, marksOf, type Work } from './job-work.ts';
import { columnsOfFirst, scoreStored } from './score-stored.ts';
import type { ObjectReference, StoredObject } from './types.ts';

/** Attempts per object if the store fails. */
const attempts = 3;

export interface JobSummary {
  /** Number of this task's objects, and parts of objects, by outcome. */
  scored: number;
  /** Those whose results already exist, from this model and the object's current generation. */
  skipped: number;
  failed: number;
}

interface Scope {
  store: GoogleStore;
  plan: JobPlan;
  fn: ColdpressFunction;
  /** What is read once for all parts of an object, by its key and generation. */
  heads: Map<string, Head>;
}

interface Head {
  header: Header | undefined;
  columns: Column[] | undefined;
}

/**
 * Scores this task's share of a bucket's objects. Results appear complete, one object each, so a restarted task
 * continues with the objects that have none.
 * @param options.log - receives the reason why an object failed; the others are still scored
 * @param options.note - receives what is not divided between tasks
 */
export async function runJob(
  fn: ColdpressFunction,
  {
    env,
    observe,
    log,
    note,
  }: {
    env: NodeJS.ProcessEnv;
    observe: Observe;
    log: (line: string) => void;
    note: (line: string) => void;
  },
): Promise<JobSummary> {
  const plan = resolveJob(env, (fn.model.manifest.events.objects ?? defaultObjects).prefix);
  const store = openStore(env);
  const { work, skipped, stale, notes } = await listWork(store, plan, fn);
  notes.forEach(note);
  for (const { key, generation } of stale) {
    await store.remove({ bucket: plan.output.bucket, key, generation });
  }
  const scope: Scope = { store, plan, fn, heads: new Map() };
  const summary: JobSummary = { scored: 0, skipped, failed: 0 };
  let open = work;
  for (let attempt = 1; open.length > 0; attempt++) {
    const again: Work[] = [];
    for (const item of open) {
      const invocation = invocationOf(item);
      const run = () => scoreListed(item, scope, invocation);
      try {
        await observe(invocation, 'job', { event: undefined, run });
        summary.scored += 1;
      } catch (error) {
        log(`gs://${plan.input.bucket}/${describeWork(item)}: ${(error as Error).message}`);
        // An error of the object is permanent, but the store may recover while all others are scored.
        if (error instanceof RequestError || attempt === attempts) {
          summary.failed += 1;
        } else {
          again.push(item);
        }
      }
    }
    open = again;
  }
  return summary;
}

async function scoreListed(work: Work, scope: Scope, invocation: Invocation): Promise<void> {
  const { store, plan, fn } = scope;
  const format = chooseFormat(work.object.key, configuredFormat(fn));
  const reference = { bucket: plan.input.bucket, key: work.object.key, version: work.object.generation };
  const target = { bucket: plan.output.bucket, key: work.resultsKey };
  const metadata = marksOf(work, fn);
  const object = await store.open(reference);
  const opened = await openPart(work, { object, reference }, { ...scope, invocation });
  await scoreStored({ store, reference, format, target, metadata, ...opened }, fn, invocation);
}

/** The part of an object as an object of its own, and the columns that it shares with the other parts. */
async function openPart(
  { part, format }: Work,
  { object, reference }: { object: StoredObject; reference: ObjectReference },
  { fn, heads, invocation }: Scope & { invocation: Invocation },
): Promise<{ object: StoredObject; columns?: Column[] | undefined }> {
  if (part === undefined) {
    return { object };
  }
  const id = `${reference.key}#${reference.version}`;
  let head = heads.get(id);
  if (head === undefined) {
    const isCsv = format === 'csv';
    head = {
      header: isCsv ? await readHeader(object.range, object.sizeBytes) : undefined,
      columns: isCsv ? await columnsOfFirst(object, { reference, format }, { fn, invocation }) : undefined,
    };
    heads.set(id, head);
  }
  const { header, columns } = head;
  return { object: { ...object, stream: () => readPart(object, { part, format, header }) }, columns };
}

/** A task may run for up to seven days, and the platform restarts it if it ends early. */
function invocationOf(work: Work): Invocation {
  return {
    requestId: describeWork(work, `#${work.object.generation}`),
    remainingMs: () => Number.POSITIVE_INFINITY,
    trace: undefined,
    tally: newTally(),
  };
}
