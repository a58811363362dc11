import type { InvokeResult } from './answer.ts';
import { type InvokeOptions, invokeOnce } from './invoke.ts';
import { readPrinted } from './log/exception.ts';
import { frameReader } from './log/frames.ts';
import { splitLog } from './log/split-log.ts';

/** How a function answered some records. */
export interface RecordRun {
  records: number;
  answered: number;
  /** The first record without a result. */
  failure?: RecordFailure;
}

export interface RecordFailure {
  /** From 1. Absent if no record was reached, for example because the function did not start. */
  record?: number | undefined;
  /** The reason: what was thrown, or why the record was refused. */
  message: string;
  /** The place in the user's code that threw, such as `score.ts:17`. */
  place?: string;
}

/** A line of the answer to JSON Lines. */
interface AnswerLine {
  row: number;
  error?: { code: string; message: string };
}

/**
 * Sends records through the function of the artifact in `dir`, as one request. Sinks and buckets receive nothing.
 * @throws ColdpressError if the function cannot run on this machine; a function that fails is a result
 */
export async function scoreRecords(
  dir: string,
  records: readonly unknown[],
  options: Omit<InvokeOptions, 'record' | 'event' | 'input' | 'delivers'>,
): Promise<RecordRun> {
  const text = records.map(record => `${JSON.stringify(record)}\n`).join('');
  const result = await invokeOnce(dir, {
    ...options,
    delivers: false,
    record: { text, contentType: 'application/jsonl' },
  });
  const lines = readLines(result);
  if (lines === undefined) {
    const thrown = firstException(result, dir, options.host.cwd);
    return {
      records: records.length,
      answered: 0,
      failure: thrown ?? { message: refusalOf(result) },
    };
  }
  const failed = lines.find(({ error }) => error !== undefined);
  const answered = lines.filter(({ error }) => error === undefined).length;
  if (failed?.error === undefined) {
    return { records: records.length, answered };
  }
  const { code, message } = failed.error;
  const thrown = code === 'INTERNAL' ? firstException(result, dir, options.host.cwd) : undefined;
  return { records: records.length, answered, failure: { record: failed.row, ...(thrown ?? { message }) } };
}

/** @returns `undefined` if the request as a whole has failed */
function readLines({ answer, functionError, statusCode }: InvokeResult): AnswerLine[] | undefined {
  if (functionError !== undefined || statusCode !== 200) {
    return undefined;
  }
  if (typeof answer !== 'string') {
    // A single line is JSON as a whole.
    return [answer as AnswerLine];
  }
  return answer
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

/** The first exception of the log, with its place if it is in the user's code. */
function firstException(
  { logs }: InvokeResult,
  dir: string,
  cwd: string,
): Omit<RecordFailure, 'record'> | undefined {
  const readFrames = frameReader(dir, cwd);
  const exceptions = splitLog(logs)
    .flatMap(entry => (entry.kind === 'text' ? readPrinted(entry.text, readFrames) : []))
    .filter(part => part.kind === 'exception');
  const found = exceptions.find(({ frames }) => frames.length > 0) ?? exceptions[0];
  if (found === undefined) {
    return undefined;
  }
  const [frame] = found.frames;
  return { message: found.message, ...(frame && { place: `${frame.file}:${frame.line}` }) };
}

function refusalOf({ answer, statusCode }: InvokeResult): string {
  const { error, errorMessage } = (answer ?? {}) as { error?: unknown; errorMessage?: unknown };
  const { message } = (error ?? {}) as { message?: unknown };
  return String(message ?? error ?? errorMessage ?? `status ${statusCode}`);
}
