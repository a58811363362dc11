import type { Manifest } from '../contract/manifest.ts';
import type { SampleRecord, SampleRecords } from '../contract/sample-records.ts';
import { counted } from '../counted.ts';
import { ColdpressError } from '../errors.ts';
import type { RecordFailure, RecordRun } from '../local/score-records.ts';
import type { Bundle } from './bundle.ts';
import { cached } from './cache.ts';
import { localFingerprint } from './fingerprint.ts';
import type { Plan } from './plan.ts';

/** The score, and how it answered. */
export type ScoreResult = { /** Absolute path. */ path: string } & (
  | ({ ran: true; origin: SampleRecords['origin'] } & RecordRun)
  | { ran: false; reason: string }
);

interface RunOptions {
  /** The complete artifact. */
  dir: string;
  manifest: Manifest;
  bundle: Bundle;
  cacheDir: string;
  /** Places in the user's code are relative to it. */
  cwd: string;
  onProgress: (step: string) => void;
  signal: AbortSignal | undefined;
}

/**
 * Sends the artifact's sample records through its function, with the user's score. If this function has answered all of
 * these records on this Node before, it is not run again.
 * @returns `undefined` without a score
 * @throws ColdpressError SCORE_FAILED if the score answers none of the user's samples
 */
export async function runScore(
  plan: Plan,
  { bundle, ...options }: RunOptions,
): Promise<ScoreResult | undefined> {
  const { scorePath: path } = plan;
  if (path === undefined) {
    return undefined;
  }
  const { readSampleRecords } = await import('../local/samples.ts');
  const records = await readSampleRecords(options.dir);
  if (records === undefined) {
    return { path, ran: false, reason: 'there is no record to try' };
  }
  const reason = reasonNotToRun(plan, bundle);
  if (reason !== undefined) {
    return { path, ran: false, reason };
  }
  const { origin, samples } = records;
  const run = await runOnce(samples, options);
  if (typeof run === 'string') {
    return { path, ran: false, reason: run };
  }
  if (run.answered === 0 && origin === 'samples' && samples.every(isNatural)) {
    throw scoreFailed(run, plan.samples!.path);
  }
  return { path, ran: true, origin, ...run };
}

function reasonNotToRun({ runsScore, architecture }: Plan, { nativeDirs }: Bundle): string | undefined {
  if (!runsScore) {
    return 'samples.score is false';
  }
  const isTarget = process.platform === 'linux' && process.arch === architecture;
  return nativeDirs.length === 0 || isTarget
    ? undefined
    : `it imports packages whose files are for linux-${architecture}`;
}

/**
 * Keeps in the cache that all records were answered, and nothing else was found. Whatever failed is tried again by the
 * next pack: the cause may be outside of the function.
 * @returns the reason if the function cannot run on this machine
 */
async function runOnce(
  samples: readonly SampleRecord[],
  options: Omit<RunOptions, 'bundle'>,
): Promise<RecordRun | string> {
  const { platform, arch, version: node } = process;
  const key = {
    kind: 'score',
    manifest: options.manifest,
    records: samples.map(({ record }) => record),
    host: { platform, arch, node },
    coldpress: localFingerprint(),
  };
  const notKept = Symbol('not kept');
  let run: RecordRun | string | undefined;
  try {
    await cached(options.cacheDir, key, async () => {
      options.onProgress('running the score');
      run = await runHere(samples, options);
      if (typeof run === 'string' || isNoteworthy(run)) {
        throw notKept;
      }
    });
  } catch (error) {
    if (error !== notKept) {
      throw error;
    }
  }
  return run ?? { records: samples.length, answered: samples.length };
}

function isNoteworthy({ answered, records, together, isConstant }: RecordRun): boolean {
  return answered < records || together !== undefined || isConstant === true;
}

async function runHere(
  samples: readonly SampleRecord[],
  { dir, cwd, signal }: Pick<RunOptions, 'dir' | 'cwd' | 'signal'>,
): Promise<RecordRun | string> {
  const { hasLoopback } = await import('../local/loopback.ts');
  if (!(await hasLoopback())) {
    return 'processes cannot connect to each other here: there is no loopback network';
  }
  const { scoreRecords } = await import('../local/score-records.ts');
  const { hostOf } = await import('../local/host.ts');
  try {
    const host = { ...hostOf(process), cwd };
    return await scoreRecords(
      dir,
      samples.map(({ record }) => record),
      { host, signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ColdpressError) {
      return error.message;
    }
    throw error;
  }
}

/** Whether a record has a value for each field, as callers send them, and not the model's tensors. */
function isNatural({ record }: SampleRecord): boolean {
  return Object.values(record).every(value => typeof value !== 'object' || value === null);
}

function scoreFailed({ failure, records }: RecordRun, samples: string): ColdpressError {
  const message = `the score answers none of ${counted(records, 'sample')}; ${describeFailure(failure!)}`;
  return new ColdpressError('SCORE_FAILED', message, {
    hint:
      `Fix the score. If its records are other than those of ${samples}, or if it needs a service that is not ` +
      "available here, write samples: { path: '…', score: false } in the config.",
  });
}

/** `sample 1 at score.ts:17: TypeError: …`, on one line */
export function describeFailure({ record, message, place }: RecordFailure): string {
  const where = [record && `sample ${record}`, place && `at ${place}`].filter(part => part !== undefined);
  const line = message.replaceAll(/\s*\n\s*/g, ' ');
  return [where.join(' '), line].filter(part => part !== '').join(': ');
}
