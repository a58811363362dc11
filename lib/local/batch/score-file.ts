import { createReadStream, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { ColdpressError } from '../../errors.ts';
import type { Column, FileRange, RangeScores } from '../../runtime/files/types.ts';
import { type Checkpoint, identifyFunction, writeCheckpoint } from './checkpoint.ts';
import { complete, findKnown, type Paths, pathsOf } from './file-state.ts';
import { inOrder } from './in-order.ts';
import { type InputHash, openInputHash } from './input-hash.ts';
import type { InputFile } from './list-inputs.ts';
import { openOutput } from './output.ts';
import { readHeader } from './read-header.ts';
import type { Scorers } from './scorers.ts';
import { type Place, splitFile } from './split-file.ts';

/** The result of scoring a file. */
export interface FileSummary {
  input: string;
  results: string;
  /** Present if rows failed. */
  failures?: string;
  /** The first row that failed, from 1, and why. */
  firstFailure?: { row: number; message: string };
  /** Present if the function counts for drift. */
  drift?: string;
  rows: number;
  failed: number;
  /** Rows among `rows` that an earlier run scored. */
  earlierRows: number;
}

export interface FileScope {
  outDir: string;
  /** The folder of incomplete outputs and checkpoints. */
  stateDir: string;
  functionDir: string;
  scorers: Scorers;
  /** Names of outputs to compute in addition to those of every answer. */
  outputs: readonly string[];
  signal: AbortSignal | undefined;
  /** Called after each range. */
  onRows(done: { rows: number; bytes: number; sizeBytes: number }): void;
}

const checkpointEveryMs = 1000;

/**
 * Scores a file into a file of results and one of failures; each appears when it is complete. Progress is saved about
 * every second, so that the next run after a kill resumes there.
 * @throws ColdpressError BATCH_INPUT, BATCH_RECORD_SIZE, BATCH_FUNCTION, BATCH_DIED; the signal's reason
 */
export async function scoreFile(input: InputFile, scope: FileScope): Promise<FileSummary> {
  const paths = pathsOf(input, scope);
  const { file, found } = await openInput(input.path);
  try {
    const functionId = identifyFunction(scope.functionDir, scope.outputs);
    const hash = openInputHash(file);
    const known = await findKnown(paths, { functionId, hash, sizeBytes: found.size });
    if (known?.state === 'written' && (await complete(paths, known))) {
      return summarise(input, paths, { checkpoint: known, earlierRows: known.next.row });
    }
    if (known?.state === 'done') {
      return summarise(input, paths, { checkpoint: known, earlierRows: known.next.row });
    }
    const begun = known?.state === 'scoring' ? known : undefined;
    return await scoreOpened(file, input, { scope, paths, functionId, hash, begun, found });
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
  facts: {
    scope: FileScope;
    paths: Paths;
    functionId: string;
    hash: InputHash;
    begun: Checkpoint | undefined;
    found: Stats;
  },
): Promise<FileSummary> {
  const { scope, paths, functionId, hash, begun, found } = facts;
  const { path, format } = input;
  const { scorers, outputs, signal } = scope;
  const { header, first } = await readHeader(file, input);
  const ranges = (from: Place) => splitFile(file, { path, format, from });
  const score = (range: FileRange, columns?: Column[]) =>
    scorers.score({ path, format, header, range, outputs, columns });

  const checkpoint: Checkpoint = begun ?? {
    ...nothing,
    function: functionId,
    next: first,
    columns: await findColumns(ranges(first), range => score(range), path),
  };
  const earlierRows = checkpoint.next.row;
  const results = await openOutput(paths.results, checkpoint.resultsBytes);
  const failures = await openOutput(paths.failures, checkpoint.failuresBytes);
  const drift = await openOutput(paths.drift, checkpoint.driftBytes ?? 0);
  let savedAt = performance.now();

  async function save(state: Checkpoint['state']): Promise<void> {
    await Promise.all([results.flush(), failures.flush(), drift.flush()]);
    const sizes = {
      resultsBytes: results.sizeBytes(),
      failuresBytes: failures.sizeBytes(),
      driftBytes: drift.sizeBytes(),
    };
    const inputSha256 = await hash.upTo(checkpoint.next.start);
    await writeCheckpoint(paths.checkpoint, Object.assign(checkpoint, { ...sizes, inputSha256, state }));
    savedAt = performance.now();
  }

  try {
    const work = ({ range }: { range: FileRange }) => score(range, checkpoint.columns);
    for await (const { item, done } of inOrder(ranges(checkpoint.next), 2 * scorers.count, work)) {
      signal?.throwIfAborted();
      await results.write(results.sizeBytes() === 0 ? done.head + done.results : done.results);
      await failures.write(done.failures);
      await drift.write(done.drift);
      checkpoint.failed += done.failed;
      checkpoint.next = item.next;
      scope.onRows({ rows: done.records, bytes: item.next.start, sizeBytes: found.size });
      if (performance.now() - savedAt >= checkpointEveryMs) {
        await save('scoring');
      }
    }
    await checkUnchanged(path, found);
    await save('written');
  } finally {
    await Promise.all([results.close(), failures.close(), drift.close()]);
  }
  await complete(paths, checkpoint);
  return summarise(input, paths, { checkpoint, earlierRows });
}

/** @throws ColdpressError BATCH_INPUT if the file was replaced or written to since it was opened */
async function checkUnchanged(path: string, found: Stats): Promise<void> {
  const now = await stat(path).catch(() => undefined);
  const facts = ({ ino, size, mtimeMs, ctimeMs }: Stats) => [ino, size, mtimeMs, ctimeMs].join();
  if (now === undefined || facts(now) !== facts(found)) {
    throw new ColdpressError('BATCH_INPUT', `${path} changed while it was scored`, {
      hint: 'run it again: what changed is scored anew',
    });
  }
}

const nothing = { inputSha256: '', resultsBytes: 0, failuresBytes: 0, failed: 0, state: 'scoring' } as const;

/** CSV results have the columns of the first result, which may come after failed records. */
async function findColumns(
  ranges: AsyncIterable<{ range: FileRange }>,
  score: (range: FileRange) => Promise<RangeScores>,
  path: string,
): Promise<Column[]> {
  let [records, failed] = [0, 0];
  for await (const { range } of ranges) {
    const scores = await score(range);
    if (scores.columns !== undefined) {
      return scores.columns;
    }
    records += scores.records;
    failed += scores.failed;
    if (records >= hopelessRows && failed === records) {
      throw allFailed(path, records, scores.failures);
    }
  }
  return [];
}

/** If this many rows at the start of a file all fail, the rest would too. */
const hopelessRows = 100;

function allFailed(path: string, rows: number, failures: string): ColdpressError {
  const { message } = readFailure(failures);
  return new ColdpressError(
    'BATCH_ALL_FAILED',
    `all of the first ${rows} rows of ${path} failed: ${message}`,
    {
      hint: 'check that the file has the columns that the function expects; nothing was written for it',
    },
  );
}

async function summarise(
  { path }: InputFile,
  { results, failures, drift }: Paths,
  { checkpoint, earlierRows }: { checkpoint: Checkpoint; earlierRows: number },
): Promise<FileSummary> {
  const { next, failed, driftBytes = 0 } = checkpoint;
  return {
    input: path,
    results: results.final,
    ...(failed > 0 && { failures: failures.final, firstFailure: await readFirstFailure(failures.final) }),
    ...(driftBytes > 0 && { drift: drift.final }),
    rows: next.row,
    failed,
    earlierRows,
  };
}

/** The first failure of a file of failures, of which only the beginning is read. */
async function readFirstFailure(path: string): Promise<{ row: number; message: string }> {
  const lines = createInterface({ input: createReadStream(path) });
  for await (const line of lines) {
    return readFailure(line);
  }
  throw new Error(`${path} is empty`);
}

/** The failure in the first line of a text. */
function readFailure(text: string): { row: number; message: string } {
  const [line = ''] = text.split('\n', 1);
  const { row, error } = JSON.parse(line);
  return { row, message: error.message };
}
