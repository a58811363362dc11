import { isObject } from '../../contract/is-object.ts';
import { RequestError } from '../errors.ts';
import { show } from '../tensor/show.ts';
import type { InferRequest } from '../tensor/types.ts';
import { toBuffer } from './bytes.ts';
import { bodyType } from './content-type.ts';
import type { Exchange } from './endpoint.ts';
import { binaryType, headerLength } from './infer-response.ts';
import { checkValue, parseJson } from './json-limits.ts';
import { loadOthers } from './load-others.ts';
import { jsonOnly } from './media-types.ts';
import { bodyText, readBody } from './read-body.ts';
import type { JsonLimits } from './weigh-json.ts';

/** A request as received: nothing is known except that it is an object. */
export type Untrusted = Partial<Record<keyof InferRequest, unknown>>;

/**
 * Reads an inference request as JSON. The header `Inference-Header-Content-Length` gives the bytes of JSON, followed by
 * the raw data of the inputs with `binary_data_size`, in their order; with 0, the body is only raw data.
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 * @throws RequestError
 */
export async function readInferRequest(exchange: Exchange): Promise<InferRequest> {
  const { request, endpoint } = exchange;
  const { limits } = endpoint.plan;
  const header = request.headers[headerLength];
  bodyType(request.headers['content-type'], header === undefined ? jsonOnly : [...jsonOnly, binaryType]);
  const body = await readBody(exchange);
  const readText = (text: string | Uint8Array) => readObject(bodyText(text), limits);
  if (header === undefined) {
    return (await readText(body)) as InferRequest;
  }
  const { readBinary } = await loadOthers();
  return readBinary(toBuffer(body), { header, signature: endpoint.model.signature, readText });
}

async function readObject(text: string, limits: JsonLimits): Promise<Untrusted> {
  const value = await parseJson(text, limits, checkAllButNumbers);
  if (!isObject(value)) {
    throw bad('BODY', `the body is ${show(value)}; expected an inference request: an object with "inputs"`);
  }
  return value;
}

/**
 * Checks a request except for numbers. Most of a request is the data of its inputs, which the decoder checks later: it
 * accepts only as many levels as the shape has, and only the datatype. It accepts strings of any length, so those are
 * checked here.
 */
function checkAllButNumbers(value: unknown, limits: JsonLimits): void {
  const inputs = isObject(value) && Array.isArray(value.inputs) ? value.inputs : undefined;
  if (inputs === undefined) {
    checkValue(value, limits);
    return;
  }
  checkValue({ ...(value as object), inputs: [] }, limits);
  for (const input of inputs) {
    const isNumeric = isObject(input) && input.datatype !== 'BYTES';
    checkValue(isNumeric ? { ...input, data: undefined } : input, limits);
  }
}

function bad(code: string, message: string): RequestError {
  return new RequestError(400, code, message);
}
