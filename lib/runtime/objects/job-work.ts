import type { ObjectFormat } from '../../contract/settings.ts';
import type { ColdpressFunction } from '../function.ts';
import { sinkMark } from '../sinks/mark.ts';
import type { LineFormat, Part } from './division/types.ts';
import { chooseFormat } from './formats.ts';
import type { GoogleStore, ListedObject } from './gcs.ts';
import type { JobPlan } from './job-plan.ts';
import { resultsKey } from './results.ts';

/** An object to score as a whole, or a part of one. */
export type Work = { object: ListedObject; resultsKey: string } & (
  | { part: undefined; format: ObjectFormat | undefined }
  | { part: Part; format: LineFormat }
);

export interface TaskWork {
  work: Work[];
  /** How much of the task's share already has results. */
  skipped: number;
  /** Results of an earlier division, before the object or the size of parts has changed. */
  stale: ListedObject[];
  /** Large objects that are not divided. */
  notes: string[];
}

/** Metadata of results: the generation of their object, and the bytes of their part. */
const [generationMark, partMark] = ['coldpress-generation', 'coldpress-part'];

/**
 * Lists this task's objects and parts. They are distributed in the order of the objects' creation, so that adding one
 * while tasks start moves no other to another task.
 */
export async function listWork(store: GoogleStore, plan: JobPlan, fn: ColdpressFunction): Promise<TaskWork> {
  const { input, output, task } = plan;
  const results = new Map<string, ListedObject>();
  for await (const object of store.list(output.bucket, output.prefix)) {
    if (Object.hasOwn(object.metadata, sinkMark)) {
      results.set(object.key, object);
    }
  }
  const objects: ListedObject[] = [];
  for await (const object of store.list(input.bucket, input.prefix)) {
    if (isInput(object, { input, output })) {
      objects.push(object);
    }
  }
  objects.sort((a, b) => compare(a.created, b.created) || compare(a.key, b.key));
  const hasResults = (item: Work) => isMadeFrom(results.get(item.resultsKey), marksOf(item, fn));
  // Objects may have results from a time when they were not divided.
  const all = objects.flatMap(object => {
    const whole = wholeOf(object, plan, fn);
    return hasResults(whole) ? [whole] : divide(whole, plan);
  });
  const own = all.filter((_, position) => position % task.count === task.index);
  const work = own.filter(item => !hasResults(item));
  return {
    work,
    skipped: own.length - work.length,
    stale: task.index === 0 ? staleResults(results, all, plan) : [],
    notes: work.flatMap(item => noteOf(item, plan)),
  };
}

/** The metadata of the results. */
export function marksOf({ object, part }: Work, fn: ColdpressFunction): Record<string, string> {
  return {
    [sinkMark]: fn.model.manifest.model.sha256,
    [generationMark]: object.generation,
    ...(part && { [partMark]: `${part.start}-${part.end}` }),
  };
}

/** The name of an object, and of its part. */
export function describeWork({ object, part }: Work, version = ''): string {
  return `${object.key}${version}${part === undefined ? '' : ` (part ${part.number} of ${part.count})`}`;
}

export function configuredFormat(fn: ColdpressFunction): ObjectFormat | null {
  return fn.model.manifest.events.objects?.format ?? null;
}

function isMadeFrom(results: ListedObject | undefined, marks: Record<string, string>): boolean {
  return [sinkMark, generationMark, partMark].every(name => results?.metadata[name] === marks[name]);
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
function wholeOf(
  object: ListedObject,
  { output }: JobPlan,
  fn: ColdpressFunction,
): Work & { part: undefined } {
  try {
    const format = chooseFormat(object.key, configuredFormat(fn));
    return { object, part: undefined, format, resultsKey: resultsKey(output.prefix, object.key, format) };
  } catch {
    return { object, part: undefined, format: undefined, resultsKey: '' };
  }
}

function divide(whole: Work & { part: undefined }, { output, partBytes }: JobPlan): Work[] {
  const { object, format } = whole;
  if (!isLarge(object, partBytes) || !isDivisible(object) || (format !== 'csv' && format !== 'jsonl')) {
    return [whole];
  }
  const { key, sizeBytes } = object;
  const count = Math.ceil(sizeBytes / partBytes);
  return Array.from({ length: count }, (_, index): Work => {
    const number = String(index + 1).padStart(5, '0');
    const name = `${key}.part-${number}-of-${String(count).padStart(5, '0')}`;
    const start = index * partBytes;
    const part = { number: index + 1, count, start, end: Math.min(start + partBytes, sizeBytes) };
    return { object, format, part, resultsKey: resultsKey(output.prefix, name, format) };
  });
}

function isLarge({ sizeBytes }: ListedObject, partBytes: number): boolean {
  return partBytes > 0 && sizeBytes > partBytes;
}

/** The positions of compressed records are unknown. */
function isDivisible({ key, isEncoded }: ListedObject): boolean {
  return !isEncoded && !/\.gz$/i.test(key);
}

function noteOf({ object, part, format }: Work, { input, partBytes }: JobPlan): string[] {
  if (part !== undefined || format === undefined || !isLarge(object, partBytes)) {
    return [];
  }
  const what = isDivisible(object) ? `the format ${format}` : 'compressed text';
  return [`gs://${input.bucket}/${object.key}: one task scores it as a whole: ${what} cannot be divided`];
}

function staleResults(
  results: ReadonlyMap<string, ListedObject>,
  all: readonly Work[],
  { output }: JobPlan,
): ListedObject[] {
  const current = new Set(all.map(item => item.resultsKey));
  const owners = new Set(all.map(({ object }) => `${output.prefix}${object.key}`));
  const undivided = new Set(
    all.flatMap(({ object, part, format }) =>
      part === undefined ? [] : resultsKey(output.prefix, object.key, format),
    ),
  );
  return [...results.values()].filter(({ key, metadata }) => {
    const [, owner = ''] = /^(.*)\.part-\d{5,}-of-\d{5,}\.(?:csv|jsonl)$/s.exec(key) ?? [];
    const isPart = metadata[partMark] !== undefined && owners.has(owner);
    return !current.has(key) && (isPart || undivided.has(key));
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
