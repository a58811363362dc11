import { RequestError } from '../errors.ts';
import { nameRecords } from '../score/name-records.ts';
import { show } from '../tensor/show.ts';
import { negotiateType } from './accept.ts';
import { answerLimit } from './answer-limit.ts';
import { bodyType } from './content-type.ts';
import { count } from './count.ts';
import type { Exchange } from './endpoint.ts';
import { parseJson } from './json-limits.ts';
import { loadBodies } from './load-bodies.ts';
import { bodyText, readBody } from './read-body.ts';
import { requestedOutputs } from './requested-outputs.ts';
import { json } from './respond.ts';
import type { HttpResponse } from './types.ts';

/** The media types of bodies and answers that can only be JSON. */
export const jsonOnly = ['application/json'];

/** The media types that a path names if it also accepts JSON Lines. */
export const jsonOrLines = [...jsonOnly, 'application/jsonl'];

/** Answers one record, or an array of them, in the same form; or JSON Lines. */
export async function answerRecords(exchange: Exchange): Promise<HttpResponse> {
  if (isJsonLines(exchange)) {
    return answerLines(exchange);
  }
  return json(200, await scoreBody(exchange, await readJson(exchange, jsonOrLines)));
}

const linesTypes = ['jsonl', 'jsonlines', 'ndjson'].flatMap(type => [
  `application/${type}`,
  `application/x-${type}`,
]);

export function isJsonLines({ request }: Exchange): boolean {
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  return linesTypes.includes(type.trim());
}

/** Answers JSON Lines, in which each record fails separately. */
export async function answerLines(exchange: Exchange): Promise<HttpResponse> {
  const { answerJsonLines } = await loadBodies();
  const loaded = {
    negotiateType,
    bodyType,
    count,
    parseJson,
    bodyText,
    readBody,
    requestedOutputs,
    answerLimit,
  };
  return answerJsonLines(exchange, loaded);
}

/** Answers `{"instances": […]}` with `{"predictions": […]}`, like TensorFlow Serving and Vertex AI. */
export async function answerPredict(exchange: Exchange): Promise<HttpResponse> {
  return predict(exchange, await readJson(exchange));
}

/**
 * If the model has one named output, a prediction is just its value.
 * https://www.tensorflow.org/tfx/serving/api_rest#predict_api
 */
export async function predict(exchange: Exchange, body: unknown): Promise<HttpResponse> {
  const results = await scoreAll(exchange, readInstances(body));
  const isAlone = requestedOutputs(exchange).length === 0;
  const onlyOutput = isAlone ? exchange.endpoint.onlyOutput : undefined;
  const predictions =
    onlyOutput === undefined
      ? results
      : results.map(result => (result as Record<string, unknown>)[onlyOutput]);
  return json(200, { predictions });
}

/** @throws RequestError 400 */
function readInstances(body: unknown): unknown[] {
  const instances =
    typeof body === 'object' && body !== null && 'instances' in body ? body.instances : undefined;
  if (!Array.isArray(instances)) {
    throw new RequestError(
      400,
      'INSTANCES',
      `"instances" is ${show(instances)}; expected an array of records`,
    );
  }
  return instances;
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
