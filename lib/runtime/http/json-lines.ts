import { RequestError } from '../errors.ts';
import type { Outcome } from '../score/outcome.ts';
import type { Exchange } from './endpoint.ts';
import type { Loaded } from './loaded.ts';
import type { HttpResponse } from './types.ts';

/** Lines scored and sent together: enough to share runs, and few enough that the first answers arrive early. */
const linesAtOnce = 256;

/**
 * Answers JSON Lines with JSON Lines, in order: `{ row, result }` or `{ row, error: { code, message } }` per line. If
 * the platform streams, each batch is sent as soon as it is scored.
 * @throws RequestError 400, 406, 413, 415; an error of a record is in its own line
 */
export async function answerJsonLines(exchange: Exchange, loaded: Loaded): Promise<HttpResponse> {
  const { request, platform } = exchange;
  const { linesTypes } = loaded;
  const given = loaded.bodyType(request.headers['content-type'], linesTypes);
  const type = loaded.negotiateType(request.headers.accept, [given, ...linesTypes]);
  const answers = scoreLines(exchange, loaded.bodyText(await loaded.readBody(exchange)), loaded);
  const head = { status: 200, headers: { 'content-type': type } };
  if (platform.streams) {
    // Awaited before the head is sent, so that an error of the whole request still sets the status.
    const first = await answers.next();
    return { ...head, body: '', stream: resume(first, answers) };
  }
  let body = '';
  for await (const part of answers) {
    body += part;
    if (body.length > platform.maxResponseBytes) {
      // The answer is already too large and will be rejected.
      break;
    }
  }
  return { ...head, body };
}

async function* resume(
  first: IteratorResult<string>,
  others: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (!first.done) {
    yield first.value;
    yield* others;
  }
}

async function* scoreLines(
  exchange: Exchange,
  text: string,
  { count, parseJson, requestedOutputs, answerLimit }: Loaded,
): AsyncGenerator<string> {
  const { endpoint, platform } = exchange;
  const outputs = requestedOutputs(exchange);
  const { limits } = endpoint.plan;
  const { remainingMs } = platform;
  const limit = answerLimit(exchange);
  const describeError = errorDescriber();
  let row = 0;
  for (const lines of batches(text)) {
    const read = await Promise.all(lines.map(line => parseJson(line, limits).then(ok, unread)));
    const records = read.flatMap(record => (record.ok ? [record.value] : []));
    const scored =
      records.length === 0 ? [] : await endpoint.scoreRecords(records, { remainingMs, outputs, limit });
    const outcomes = scored.values();
    const answers = read.map((record): Outcome | Unread => (record.ok ? outcomes.next().value! : record));
    count(platform, { records: lines.length, failures: answers.filter(answer => !answer.ok).length });
    yield answers
      .map(answer => (answer.ok ? { result: answer.result } : { error: describeError(answer.error) }))
      .map(line => `${JSON.stringify({ row: ++row, ...line })}\n`)
      .join('');
  }
}

function ok(value: unknown) {
  return { ok: true as const, value };
}

interface Unread {
  ok: false;
  error: Error;
}

/** Each line is a body of its own. */
function unread(error: Error): Unread {
  if (error instanceof RequestError) {
    const { status, code, message } = error;
    return { ok: false, error: new RequestError(status, code, message.replace(/^the body /, 'the line ')) };
  }
  return { ok: false, error };
}

/** Returns a function that describes errors to the client; internal ones are hidden, a request's first logged. */
function errorDescriber(): (error: Error) => object {
  let isLogged = false;
  return error => {
    if (error instanceof RequestError) {
      return { code: error.code, message: error.message };
    }
    if (!isLogged) {
      console.error(error);
      isLogged = true;
    }
    return { code: 'INTERNAL', message: 'internal error' };
  };
}

/** Yields the non-empty lines in batches, so that a body of many short lines is never split all at once. */
function* batches(text: string): Generator<string[]> {
  let lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line !== '') {
      lines.push(line);
    }
    if (lines.length === linesAtOnce) {
      yield lines;
      lines = [];
    }
  }
  if (lines.length > 0) {
    yield lines;
  }
}
