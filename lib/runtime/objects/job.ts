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

/** Of which generation of an object results are, in their metadata. */
const generationMark = 'coldpress-generation';

/** Of an object, where the store fails. */
const attempts = 3;

export interface JobSummary {
  /** Objects of this task, by what became of them. */
  scored: number;
  /** Their results are there already: of this model and of the object as it is. */
  skipped: number;
  failed: number;
}

interface Work {
  object: ListedObject;
  resultsKey: string;
}

/**
 * Scores this task's part of a bucket's objects. Results appear whole, one object each, so a task that was killed goes on
 * with what has none.
 * @param options.log - told why an object failed; the others are scored all the same
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
        // What is wrong with the object stays wrong; the store may be well by the time that all others are scored.
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
 * What this task has to score. Objects are dealt out in the order in which they were made, so that one that is added while
 * tasks start moves no other to another task.
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

/** Folders of the console's are objects, and what a sink or another job has written is no input. */
function isInput(
  { key, metadata }: ListedObject,
  { input, output }: Pick<JobPlan, 'input' | 'output'>,
): boolean {
  const isResult = input.bucket === output.bucket && output.prefix !== '' && key.startsWith(output.prefix);
  return !key.endsWith('/') && !isResult && !Object.hasOwn(metadata, sinkMark);
}

/** Of an object whose format is not known, which fails when its turn comes, the name does not matter. */
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

/** A task has up to seven days, and its platform starts it again where it ends before it is done. */
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
