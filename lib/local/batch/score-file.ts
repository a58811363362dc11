import { existsSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import type { Column, FileRange } from '../../runtime/files/types.ts';
import { type Checkpoint, identify, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { inOrder } from './in-order.ts';
import type { InputFile } from './list-inputs.ts';
import { openOutput } from './output.ts';
import { readHeader } from './read-header.ts';
import type { Scorers } from './scorers.ts';
import { type Place, splitFile } from './split-file.ts';

/** What became of a file. */
export interface FileSummary {
  input: string;
  results: string;
  /** Where rows failed. */
  failures?: string;
  rows: number;
  failed: number;
  /** Of the rows, those that an earlier run scored. */
  earlierRows: number;
}

export interface FileScope {
  outDir: string;
  /** Where what is not whole yet lies, and what is known of it. */
  stateDir: string;
  functionDir: string;
  scorers: Scorers;
  signal: AbortSignal | undefined;
  /** Told after each range. */
  onRows(done: { rows: number; bytes: number; sizeBytes: number }): void;
}

const checkpointEveryMs = 1000;

/**
 * Scores a file into one of results, and one of what failed; each appears when it is whole. What is scored is
 * remembered about every second, so that a run after one that was killed goes on there.
 * @throws ColdpressError BATCH_INPUT, BATCH_RECORD_SIZE, BATCH_FUNCTION, BATCH_DIED; the signal's reason
 */
export async function scoreFile(input: InputFile, scope: FileScope): Promise<FileSummary> {
  const paths = pathsOf(input, scope);
  const { file, found } = await openInput(input.path);
  try {
    const of = identify(scope.functionDir, found);
    const known = readCheckpoint(paths.checkpoint, of);
    if (known?.isDone === true && existsSync(paths.results)) {
      return summarise(input, paths, { checkpoint: known, earlierRows: known.next.row });
    }
    return await scoreOpened(file, input, { scope, paths, of, known, sizeBytes: found.size });
  } finally {
    await file.close();
  }
}

/** @throws ColdpressError BATCH_INPUT */
async function openInput(path: string): Promise<{ file: FileHandle; found: Stats }> {
  try {
    const file = await open(path);
    return { file, found: await file.stat() };
  } catch (cause) {
    throw new ColdpressError('BATCH_INPUT', `${path} cannot be read: ${(cause as Error).message}`, {
      hint: 'see that it is there, and that you may read it',
      cause,
    });
  }
}

async function scoreOpened(
  file: FileHandle,
  input: InputFile,
  facts: { scope: FileScope; paths: Paths; of: string; known: Checkpoint | undefined; sizeBytes: number },
): Promise<FileSummary> {
  const { scope, paths, of, known, sizeBytes } = facts;
  const { path, format } = input;
  const { scorers, signal } = scope;
  const { header, first } = await readHeader(file, input);
  const ranges = (from: Place) => splitFile(file, { path, format, from });
  const score = (range: FileRange, columns?: Column[]) =>
    scorers.score({ path, format, header, range, columns });

  const isKept = known?.isDone === false && existsSync(paths.partial);
  const checkpoint = isKept
    ? known
    : { ...nothing, of, next: first, columns: await findColumns(ranges(first), range => score(range)) };
  const earlierRows = checkpoint.next.row;
  const results = await openOutput(paths.results, paths.partial, checkpoint.resultsBytes);
  const failures = await openOutput(paths.failures, paths.partialFailures, checkpoint.failuresBytes);
  let savedAt = performance.now();

  async function save(isDone: boolean): Promise<void> {
    const sizes = { resultsBytes: results.sizeBytes(), failuresBytes: failures.sizeBytes() };
    await writeCheckpoint(paths.checkpoint, Object.assign(checkpoint, { ...sizes, isDone }));
    savedAt = performance.now();
  }

  try {
    const work = ({ range }: { range: FileRange }) => score(range, checkpoint.columns);
    for await (const { item, done } of inOrder(ranges(checkpoint.next), 2 * scorers.count, work)) {
      signal?.throwIfAborted();
      await results.write(results.sizeBytes() === 0 ? done.head + done.results : done.results);
      await failures.write(done.failures);
      checkpoint.failed += done.failed;
      checkpoint.next = item.next;
      scope.onRows({ rows: done.records, bytes: item.next.start, sizeBytes });
      if (performance.now() - savedAt >= checkpointEveryMs) {
        await Promise.all([results.flush(), failures.flush()]);
        await save(false);
      }
    }
    await Promise.all([results.flush(), failures.flush()]);
    await failures.complete();
    await results.complete();
    await save(true);
  } catch (error) {
    await Promise.all([results.close(), failures.close()]);
    throw error;
  }
  return summarise(input, paths, { checkpoint, earlierRows });
}

const nothing = { resultsBytes: 0, failuresBytes: 0, failed: 0, isDone: false };

/** Results in CSV have the columns of the first one, which need not be among the first records. */
async function findColumns(
  ranges: AsyncIterable<{ range: FileRange }>,
  score: (range: FileRange) => Promise<{ columns?: Column[] | undefined }>,
): Promise<Column[]> {
  for await (const { range } of ranges) {
    const { columns } = await score(range);
    if (columns !== undefined) {
      return columns;
    }
  }
  return [];
}

type Paths = ReturnType<typeof pathsOf>;

function pathsOf({ name, format }: InputFile, { outDir, stateDir }: FileScope) {
  return {
    // As the objects of a bucket are called; see docs/events.md.
    results: join(outDir, `${name}.${format}`),
    failures: join(outDir, `${name}.failures.jsonl`),
    partial: join(stateDir, `${name}.results`),
    partialFailures: join(stateDir, `${name}.failures`),
    checkpoint: join(stateDir, `${name}.json`),
  };
}

function summarise(
  { path }: InputFile,
  { results, failures }: Paths,
  { checkpoint, earlierRows }: { checkpoint: Checkpoint; earlierRows: number },
): FileSummary {
  const { next, failed } = checkpoint;
  return { input: path, results, ...(failed > 0 && { failures }), rows: next.row, failed, earlierRows };
}
