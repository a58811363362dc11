import { isObject } from '../../contract/is-object.ts';
import type { LimitSettings } from '../../contract/settings.ts';
import type { InferRequest } from '../tensor/types.ts';
import { negotiateType } from './accept.ts';
import { bodyType, typeParameter } from './content-type.ts';
import type { Exchange } from './endpoint.ts';
import { parseJson, tooManyValues } from './json-limits.ts';
import { loadBodies } from './load-bodies.ts';
import { runInference } from './open-inference.ts';
import { bodyText, readBody } from './read-body.ts';
import {
  answerLines,
  isJsonLines,
  jsonOnly,
  jsonOrLines,
  predict,
  scoreAll,
  scoreBody,
  tooManyRecords,
} from './records.ts';
import { json } from './respond.ts';
import type { HttpResponse } from './types.ts';
import { nextTurn, weighedLength } from './weigh-text.ts';

const csvType = 'text/csv';

/**
 * SageMaker's single path accepts the bodies of all other paths: inference requests, instances, records; and CSV rows.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export async function answerInvocations(exchange: Exchange): Promise<HttpResponse> {
  if (isJsonLines(exchange)) {
    return answerLines(exchange);
  }
  const { request, endpoint } = exchange;
  const { headers } = request;
  const isCsv = bodyType(headers['content-type'], [...jsonOrLines, csvType]) === csvType;
  const type = negotiateType(headers.accept, [...jsonOnly, csvType]);
  const { limits } = endpoint.plan;
  const text = bodyText(await readBody(exchange));
  if (isCsv) {
    await checkCsv(text, limits);
    const { readCsv } = await loadBodies();
    const header = typeParameter(headers['content-type'], 'header');
    return write(type, await scoreAll(exchange, readCsv(text, endpoint.model.manifest, header)));
  }
  const body = await parseJson(text, limits);
  if (isObject(body) && Array.isArray(body.inputs)) {
    return runInference(exchange, body as unknown as InferRequest);
  }
  if (isObject(body) && 'instances' in body) {
    return predict(exchange, body);
  }
  const results = await scoreBody(exchange, body);
  return type === csvType
    ? write(type, Array.isArray(body) ? (results as unknown[]) : [results])
    : json(200, results);
}

/** @throws RequestError 413 if there are more rows or cells than allowed */
async function checkCsv(text: string, { batch, values }: LimitSettings): Promise<void> {
  if (text.length <= weighedLength) {
    return;
  }
  // One more row for the header.
  await nextTurn();
  const { weighCsv } = await loadBodies();
  const exceeded = await weighCsv(text, { rows: batch + 1, values });
  if (exceeded !== undefined) {
    throw exceeded === 'rows' ? tooManyRecords(`more than ${batch}`, batch) : tooManyValues({ values });
  }
}

async function write(type: string, results: unknown[]): Promise<HttpResponse> {
  if (type !== csvType) {
    return json(200, results);
  }
  const { writeCsv } = await loadBodies();
  return { status: 200, headers: { 'content-type': csvType }, body: writeCsv(results) };
}
