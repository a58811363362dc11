import { failsTogether } from '../contract/score-log.ts';
import type { InvokeResult } from './answer.ts';
import { type InvokeOptions, invokeOnce } from './invoke.ts';
import { readPrinted } from './log/exception.ts';
import { frameReader, type ReadFrames } from './log/frames.ts';
import { splitLog } from './log/split-log.ts';

/** How a function answered some records. */
export interface RecordRun {
  records: number;
  answered: number;
  /** The first record without a result. */
  failure?: RecordFailure;
  /** A mistake of the score that only several records at once show. They are answered all the same, in smaller batches. */
  together?: Omit<RecordFailure, 'record'>;
  /** Whether several different records were answered, all with the same result. */
  isConstant?: true;
  /** The function failed before it could receive a record. */
  startFailed?: true;
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
  result?: unknown;
  error?: { code: string; message: string };
}

/** Characters of a record that is sent twice: both fit into a request of any platform. */
const mostTwice = 2 ** 20;
/** Fewer records may well have the same result. */
const fewestConstant = 3;

/**
 * Sends records through the function of the artifact in `dir`, as one request, and so in as few runs as the function
 * makes of them; a single record is sent twice if it is small. Sinks and buckets receive nothing.
 * @throws ColdpressError if the function cannot run on this machine; a function that fails is a result
 */
export async function scoreRecords(
  dir: string,
  records: readonly unknown[],
  options: Omit<InvokeOptions, 'record' | 'event' | 'input' | 'delivers'>,
): Promise<RecordRun> {
  const lines = records.map(record => `${JSON.stringify(record)}\n`);
  const isSmall = lines.length === 1 && lines[0]!.length <= mostTwice;
  const sent = isSmall ? [...lines, ...lines] : lines;
  const result = await invokeOnce(dir, {
    ...options,
    delivers: false,
    record: { text: sent.join(''), contentType: 'application/jsonl' },
  });
  const { cwd } = options.host;
  const answers = readLines(result)?.slice(0, records.length);
  if (answers === undefined) {
    const thrown = firstException(printedIn(result), frameReader(dir, cwd));
    return {
      records: records.length,
      answered: 0,
      failure: thrown ?? { message: refusalOf(result) },
      ...(result.functionError !== undefined && result.phases.answerMs === 0 && { startFailed: true }),
    };
  }
  const failed = answers.find(({ error }) => error !== undefined);
  const answered = answers.filter(({ error }) => error === undefined).length;
  const together = findTogether(result, frameReader(dir, cwd));
  const run = { records: records.length, answered, ...(together && { together }) };
  if (failed?.error === undefined) {
    const results = new Set(answers.map(({ result }) => JSON.stringify(result)));
    const isConstant = new Set(lines).size >= fewestConstant && results.size === 1;
    return { ...run, ...(isConstant && { isConstant }) };
  }
  const { code, message } = failed.error;
  const thrown = code === 'INTERNAL' ? firstException(printedIn(result), frameReader(dir, cwd)) : undefined;
  return { ...run, failure: { record: failed.row, ...(thrown ?? { message }) } };
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

function printedIn({ logs }: InvokeResult): string[] {
  return splitLog(logs).flatMap(entry => (entry.kind === 'text' ? [entry.text] : []));
}

/** The first exception of what was printed, with its place if it is in the user's code. */
function firstException(
  texts: readonly string[],
  readFrames: ReadFrames,
): Omit<RecordFailure, 'record'> | undefined {
  const exceptions = texts
    .flatMap(text => readPrinted(text, readFrames))
    .filter(part => part.kind === 'exception');
  const found = exceptions.find(({ frames }) => frames.length > 0) ?? exceptions[0];
  if (found === undefined) {
    return undefined;
  }
  const [frame] = found.frames;
  return { message: found.message, ...(frame && { place: `${frame.file}:${frame.line}` }) };
}

/** The error of the function's log line about several records at once. */
function findTogether(result: InvokeResult, readFrames: ReadFrames): RecordRun['together'] {
  const text = printedIn(result).find(printed => printed.includes(failsTogether));
  if (text === undefined) {
    return undefined;
  }
  const error = text.slice(text.indexOf(failsTogether) + failsTogether.length).trim();
  // What is thrown may be any value, and only an Error has a stack.
  return firstException([error], readFrames) ?? { message: error.split('\n', 1)[0]! };
}

function refusalOf({ answer, statusCode }: InvokeResult): string {
  const { error, errorMessage } = (answer ?? {}) as { error?: unknown; errorMessage?: unknown };
  const { message } = (error ?? {}) as { message?: unknown };
  return String(message ?? error ?? errorMessage ?? `status ${statusCode}`);
}
