import { RequestError } from '../errors.ts';
import type { Outcome } from '../score/outcome.ts';
import type { negotiateType } from './accept.ts';
import type { answerLimit } from './answer-limit.ts';
import type { bodyType } from './content-type.ts';
import type { count } from './count.ts';
import type { Exchange } from './endpoint.ts';
import type { parseJson } from './json-limits.ts';
import type { bodyText, readBody } from './read-body.ts';
import type { requestedOutputs } from './requested-outputs.ts';
import type { HttpResponse } from './types.ts';

/** https://jsonlines.org and https://github.com/ndjson/ndjson-spec; SageMaker has its own word for it. */
const types = [
  'application/jsonl',
  'application/x-ndjson',
  'application/jsonlines',
  'application/ndjson',
  'application/x-jsonl',
  'application/x-jsonlines',
];

/** What the function has loaded by then, so that this chunk does not carry it a second time. */
export interface Loaded {
  negotiateType: typeof negotiateType;
  bodyType: typeof bodyType;
  count: typeof count;
  parseJson: typeof parseJson;
  bodyText: typeof bodyText;
  readBody: typeof readBody;
  requestedOutputs: typeof requestedOutputs;
  answerLimit: typeof answerLimit;
}

/** Scored and sent together: a client waits no longer for its first answers, and a run has company. */
const linesAtOnce = 256;

/**
 * JSON Lines in, JSON Lines out: `{ row, result }` or `{ row, error: { code, message } }` for each line, in their order.
 * Where the platform streams, they are sent as they are scored.
 * @throws RequestError 400, 406, 413, 415; what is wrong with a record is its own line's
 */
export async function answerJsonLines(exchange: Exchange, loaded: Loaded): Promise<HttpResponse> {
  const { request, platform } = exchange;
  const given = loaded.bodyType(request.headers['content-type'], types);
  const type = loaded.negotiateType(request.headers.accept, [given, ...types]);
  const answers = scoreLines(exchange, loaded.bodyText(await loaded.readBody(exchange)), loaded);
  const head = { status: 200, headers: { 'content-type': type } };
  if (platform.streams) {
    // Before the head is sent, so that a failure of all has a status.
    const first = await answers.next();
    return { ...head, body: '', stream: resume(first, answers) };
  }
  let body = '';
  for await (const part of answers) {
    body += part;
    if (body.length > platform.maxResponseBytes) {
      // It will be refused, and more would not help.
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
  const tell = errorTeller();
  let row = 0;
  for (const lines of batches(text)) {
    const read = await Promise.all(
      lines.map(line => parseJson(line, limits).then(ok, (error: Error) => ({ ok: false as const, error }))),
    );
    const records = read.flatMap(record => (record.ok ? [record.value] : []));
    const scored =
      records.length === 0 ? [] : await endpoint.scoreRecords(records, { remainingMs, outputs, limit });
    const outcomes = scored.values();
    const answers = read.map((record): Outcome | Unread => (record.ok ? outcomes.next().value! : record));
    count(platform, { records: lines.length, failures: answers.filter(answer => !answer.ok).length });
    yield answers
      .map(answer => (answer.ok ? { result: answer.result } : { error: tell(answer.error) }))
      .map(told => `${JSON.stringify({ row: ++row, ...told })}\n`)
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

/** Tells errors to the client; of those of ours the log has the first of a request, and the client nothing. */
function errorTeller(): (error: Error) => object {
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

/** The lines that are not empty, some at a time: a body of many short ones is never in pieces as a whole. */
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
