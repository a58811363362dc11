import { RequestError } from '../errors.ts';
import { nameRecords } from '../score/name-records.ts';
import { negotiateType } from './accept.ts';
import { answerLimit } from './answer-limit.ts';
import { bodyType } from './content-type.ts';
import { count } from './count.ts';
import type { Exchange } from './endpoint.ts';
import { parseJson } from './json-limits.ts';
import { jsonOnly, jsonOrLines } from './media-types.ts';
import { bodyText, readBody } from './read-body.ts';
import { requestedOutputs } from './requested-outputs.ts';
import { json } from './respond.ts';
import type { HttpResponse } from './types.ts';

/** Answers one record, or an array of them, in the same form. */
export async function answerRecords(exchange: Exchange): Promise<HttpResponse> {
  return json(200, await scoreBody(exchange, await readJson(exchange, jsonOrLines)));
}

/** Reads a JSON body, to be answered with JSON. @param taken - the body's media types that an error names */
export async function readJson(exchange: Exchange, taken = jsonOnly): Promise<unknown> {
  const { headers } = exchange.request;
  negotiateType(headers.accept, jsonOnly);
  bodyType(headers['content-type'], taken);
  return parseJson(bodyText(await readBody(exchange)), exchange.endpoint.plan.limits);
}

export async function scoreBody(exchange: Exchange, body: unknown): Promise<unknown> {
  return Array.isArray(body) ? scoreAll(exchange, body) : (await scoreAll(exchange, [body]))[0];
}

/**
 * Scores records together; a single failure fails the whole request.
 * @throws RequestError of the first failed record, which it names
 */
export async function scoreAll(exchange: Exchange, records: unknown[]): Promise<unknown[]> {
  const { endpoint, platform } = exchange;
  const { batch } = endpoint.plan.limits;
  if (records.length > batch) {
    throw tooManyRecords(records.length, batch);
  }
  const outcomes = await endpoint.scoreRecords(records, {
    remainingMs: platform.remainingMs,
    outputs: requestedOutputs(exchange),
    limit: answerLimit(exchange),
  });
  const failures = outcomes.filter(outcome => !outcome.ok).length;
  count(platform, { records: outcomes.length, failures });
  return nameRecords(outcomes).map(outcome => {
    if (!outcome.ok) {
      throw outcome.error;
    }
    return outcome.result;
  });
}

export function tooManyRecords(records: number | string, batch: number): RequestError {
  return new RequestError(413, 'BATCH', `the body has ${records} records; at most ${batch} are accepted`);
}
