import { defaultObjects } from '../../contract/defaults.ts';
import { RequestError } from '../errors.ts';
import type { ColdpressFunction } from '../function.ts';
import type { Invocation } from '../platform/invocation.ts';
import { sinkMark } from '../sinks/mark.ts';
import type { Observe } from '../telemetry/observe.ts';
import { newTally } from '../telemetry/tally.ts';
import { chooseFormat } from './formats.ts';
import { type GoogleStore, type ListedObject, openStore } from './gcs.ts';
import { type JobPlan, resolveJob } from './job-plan.ts';
import { resultsKey } from './results.ts';
import { scoreStored } from './score-stored.ts';

/** The metadata key with the generation of the object that results were made from. */
const generationMark = 'coldpress-generation';

/** Attempts per object if the store fails. */
const attempts = 3;

export interface JobSummary {
  /** Number of this task's objects, by outcome. */
  scored: number;
  /** Objects whose results already exist, from this model and the object's current generation. */
  skipped: number;
  failed: number;
}

interface Work {
  object: ListedObject;
  resultsKey: string;
}

/**
 * Scores this task's share of a bucket's objects. Results appear complete, one object each, so a restarted task
 * continues with the objects that have none.
 * @param options.log - receives the reason why an object failed; the others are still scored
 */
export async function runJob(
  fn: ColdpressFunction,
  { env, observe, log }: { env: NodeJS.ProcessEnv; observe: Observe; log: (line: string) => void },
): Promise<JobSummary> {
  const plan = resolveJob(env, (fn.model.manifest.events.objects ?? defaultObjects).prefix);
  const store = openStore(env);
  const { work, skipped } = await listWork(store, plan, fn);
  const summary: JobSummary = { scored: 0, skipped, failed: 0 };
  let open = work;
  for (let attempt = 1; open.length > 0; attempt++) {
    const again: Work[] = [];
    for (const item of open) {
      const invocation = invocationOf(item);
      const run = () => scoreListed(item, { store, plan, fn, invocation });
      try {
        await observe(invocation, 'job', { event: undefined, run });
        summary.scored += 1;
      } catch (error) {
        log(`gs://${plan.input.bucket}/${item.object.key}: ${(error as Error).message}`);
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

/**
 * Lists this task's objects. They are distributed in the order of their creation, so that adding one while tasks start
 * moves no other object to another task.
 */
async function listWork(
  store: GoogleStore,
  { input, output, task }: JobPlan,
  fn: ColdpressFunction,
): Promise<{ work: Work[]; skipped: number }> {
  const { sha256 } = fn.model.manifest.model;
  const done = new Map<string, string | undefined>();
  for await (const { key, metadata } of store.list(output.bucket, output.prefix)) {
    if (metadata[sinkMark] === sha256) {
      done.set(key, metadata[generationMark]);
    }
  }
  const objects: ListedObject[] = [];
  for await (const object of store.list(input.bucket, input.prefix)) {
    if (isInput(object, { input, output })) {
      objects.push(object);
    }
  }
  objects.sort((a, b) => compare(a.created, b.created) || compare(a.key, b.key));
  const own = objects
    .filter((_, position) => position % task.count === task.index)
    .map(object => ({ object, resultsKey: keyOfResults(object, output.prefix, fn) }));
  const work = own.filter(item => done.get(item.resultsKey) !== item.object.generation);
  return { work, skipped: own.length - work.length };
}

/** Excludes the folders that the console creates as objects, and objects that a sink or another job has written. */
function isInput(
  { key, metadata }: ListedObject,
  { input, output }: Pick<JobPlan, 'input' | 'output'>,
): boolean {
  const isResult = input.bucket === output.bucket && output.prefix !== '' && key.startsWith(output.prefix);
  return !key.endsWith('/') && !isResult && !Object.hasOwn(metadata, sinkMark);
}

/** The key does not matter if the object's format is unknown: the object fails when it is scored. */
function keyOfResults({ key }: ListedObject, prefix: string, fn: ColdpressFunction): string {
  try {
    return resultsKey(prefix, key, chooseFormat(key, configuredFormat(fn)));
  } catch {
    return '';
  }
}

function configuredFormat(fn: ColdpressFunction) {
  return fn.model.manifest.events.objects?.format ?? null;
}

async function scoreListed(
  { object, resultsKey: key }: Work,
  scope: { store: GoogleStore; plan: JobPlan; fn: ColdpressFunction; invocation: Invocation },
): Promise<void> {
  const { store, plan, fn, invocation } = scope;
  const format = chooseFormat(object.key, configuredFormat(fn));
  const reference = { bucket: plan.input.bucket, key: object.key, version: object.generation };
  const metadata = { [sinkMark]: fn.model.manifest.model.sha256, [generationMark]: object.generation };
  const target = { bucket: plan.output.bucket, key };
  await scoreStored(
    { store, reference, object: await store.open(reference), format, target, metadata },
    fn,
    invocation,
  );
}

/** A task may run for up to seven days, and the platform restarts it if it ends early. */
function invocationOf({ object }: Work): Invocation {
  return {
    requestId: `${object.key}#${object.generation}`,
    remainingMs: () => Number.POSITIVE_INFINITY,
    trace: undefined,
    tally: newTally(),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
