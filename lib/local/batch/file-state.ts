import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { InputHash } from './input-hash.ts';
import type { InputFile } from './list-inputs.ts';
import { completeOutput, hasWritten, isComplete } from './output.ts';

export type Paths = ReturnType<typeof pathsOf>;

export function pathsOf(
  { name, format }: InputFile,
  { outDir, stateDir }: { outDir: string; stateDir: string },
) {
  return {
    // The same names as for the objects of a bucket; see docs/events.md.
    results: { final: join(outDir, `${name}.${format}`), partial: join(stateDir, `${name}.results`) },
    failures: {
      final: join(outDir, `${name}.failures.jsonl`),
      partial: join(stateDir, `${name}.failures`),
    },
    drift: { final: join(outDir, `${name}.drift.jsonl`), partial: join(stateDir, `${name}.drift`) },
    checkpoint: join(stateDir, `${name}.json`),
  };
}

/** Refuses to replace a file that no earlier run has written. @throws ColdpressError OUTPUT_EXISTS */
export function checkReplaceable({ checkpoint, results, failures, drift }: Paths): void {
  const foreign = [results, failures, drift].find(
    ({ final }) => existsSync(final) && !existsSync(checkpoint),
  );
  if (foreign !== undefined) {
    throw new ColdpressError('OUTPUT_EXISTS', `${foreign.final} exists, and coldpress did not write it`, {
      hint: 'name another folder for the results, or delete the file',
    });
  }
}

/** The state that an earlier run left for the file, if it is still valid. */
export async function findKnown(
  { checkpoint, results, failures, drift }: Paths,
  { functionId, hash, sizeBytes }: { functionId: string; hash: InputHash; sizeBytes: number },
): Promise<Checkpoint | undefined> {
  const known = readCheckpoint(checkpoint, functionId);
  if (known === undefined || known.next.start > sizeBytes) {
    return undefined;
  }
  const isWhole = known.state === 'scoring' || known.next.start === sizeBytes;
  const holds = {
    scoring: async () =>
      (await hasWritten(results, known.resultsBytes)) &&
      (await hasWritten(failures, known.failuresBytes)) &&
      (await hasWritten(drift, known.driftBytes ?? 0)),
    written: async () => true,
    done: async () =>
      (await isComplete(results, known.resultsBytes)) && (await isComplete(failures, known.failuresBytes)),
  };
  const isKnown = isWhole && (await holds[known.state]());
  return isKnown && (await hash.upTo(known.next.start)) === known.inputSha256 ? known : undefined;
}

/** @returns whether results and failures exist under their final names */
export async function complete(paths: Paths, checkpoint: Checkpoint): Promise<boolean> {
  const isThere =
    (await completeOutput(paths.failures, checkpoint.failuresBytes)) &&
    (await completeOutput(paths.drift, checkpoint.driftBytes ?? 0)) &&
    (await completeOutput(paths.results, checkpoint.resultsBytes));
  if (isThere) {
    await writeCheckpoint(paths.checkpoint, Object.assign(checkpoint, { state: 'done' as const }));
  }
  return isThere;
}
