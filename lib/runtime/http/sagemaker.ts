import { isObject } from '../../contract/is-object.ts';
import type { LimitSettings } from '../../contract/settings.ts';
import type { InferRequest } from '../tensor/types.ts';
import { readCsv, writeCsv } from './csv.ts';
import type { Exchange } from './endpoint.ts';
import { answerJsonLines } from './json-lines.ts';
import type { Loaded } from './loaded.ts';
import { predict } from './predict.ts';
import { json } from './respond.ts';
import type { HttpResponse } from './types.ts';
import { weighCsv } from './weigh-csv.ts';
import { nextTurn, weighedLength } from './weigh-text.ts';

const csvType = 'text/csv';

/**
 * SageMaker's single path accepts the bodies of all other paths: inference requests, instances, records; and CSV rows.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export async function answerInvocations(exchange: Exchange, loaded: Loaded): Promise<HttpResponse> {
  const { bodyType, negotiateType, scoreAll, isJsonLines, jsonOnly, jsonOrLines } = loaded;
  const { request, endpoint } = exchange;
  if (isJsonLines(request)) {
    return answerJsonLines(exchange, loaded);
  }
  const { headers } = request;
  const isCsv = bodyType(headers['content-type'], [...jsonOrLines, csvType]) === csvType;
  const type = negotiateType(headers.accept, [...jsonOnly, csvType]);
  const { limits } = endpoint.plan;
  const text = loaded.bodyText(await loaded.readBody(exchange));
  if (isCsv) {
    await checkCsv(text, limits, loaded);
    const header = loaded.typeParameter(headers['content-type'], 'header');
    return write(type, await scoreAll(exchange, readCsv(text, endpoint.model.manifest, header)));
  }
  const body = await loaded.parseJson(text, limits);
  if (isObject(body) && Array.isArray(body.inputs)) {
    return loaded.runInference(exchange, body as unknown as InferRequest);
  }
  if (isObject(body) && 'instances' in body) {
    return predict(exchange, body, loaded);
  }
  const results = await loaded.scoreBody(exchange, body);
  return type === csvType
    ? write(type, Array.isArray(body) ? (results as unknown[]) : [results])
    : json(200, results);
}

/** @throws RequestError 413 if there are more rows or cells than allowed */
async function checkCsv(
  text: string,
  { batch, values }: LimitSettings,
  { tooManyRecords, tooManyValues }: Loaded,
): Promise<void> {
  if (text.length <= weighedLength) {
    return;
  }
  // One more row for the header.
  await nextTurn();
  const exceeded = await weighCsv(text, { rows: batch + 1, values });
  if (exceeded !== undefined) {
    throw exceeded === 'rows' ? tooManyRecords(`more than ${batch}`, batch) : tooManyValues({ values });
  }
}

function write(type: string, results: unknown[]): HttpResponse {
  if (type !== csvType) {
    return json(200, results);
  }
  return { status: 200, headers: { 'content-type': csvType }, body: writeCsv(results) };
}
