import { isDatatype } from '../../contract/datatypes.ts';
import { isObject } from '../../contract/is-object.ts';
import { RequestError } from '../errors.ts';
import { fromBinary } from '../tensor/binary.ts';
import { counted, show } from '../tensor/show.ts';
import type { InferInput, InferRequest } from '../tensor/types.ts';
import { toBuffer } from './bytes.ts';
import { bodyType } from './content-type.ts';
import type { Exchange } from './endpoint.ts';
import { binaryType, headerLength } from './infer-response.ts';
import { checkValue, parseJson } from './json-limits.ts';
import { loadBodies } from './load-bodies.ts';
import { bodyText, readBody } from './read-body.ts';
import { jsonOnly } from './records.ts';
import type { JsonLimits } from './weigh-json.ts';

/** A request as received: nothing is known except that it is an object. */
type Untrusted = Partial<Record<keyof InferRequest, unknown>>;

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
  if (header?.trim() === '0') {
    const { readRaw } = await loadBodies();
    return readRaw(toBuffer(body), endpoint.model.signature);
  }
  const inference = await (header === undefined
    ? readObject(bodyText(body), limits)
    : readMixed(toBuffer(body), { header, limits }));
  return inference as InferRequest;
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

async function readMixed(
  body: Buffer,
  { header, limits }: { header: string; limits: JsonLimits },
): Promise<Untrusted> {
  const length = /^\d{1,15}$/.test(header.trim()) ? Number(header) : Number.NaN;
  if (!(length <= body.length)) {
    throw bad(
      'BINARY',
      `the header ${headerLength} is ${show(header)}; the body has ${counted(body.length, 'byte')}`,
    );
  }
  const inference = await readObject(bodyText(body.subarray(0, length)), limits);
  let rest = body.subarray(length);
  if (Array.isArray(inference.inputs)) {
    inference.inputs = inference.inputs.map((input: InferInput | null) => {
      const size = input?.parameters?.binary_data_size ?? undefined;
      if (size === undefined) {
        return input;
      }
      const part = takePart(rest, size, input!);
      rest = rest.subarray(part.data.byteLength);
      return part.input;
    });
  }
  if (rest.length > 0) {
    throw bad('BINARY', `the body has ${counted(rest.length, 'byte')} after the last binary tensor`);
  }
  return inference;
}

function takePart(rest: Buffer, size: unknown, input: InferInput): { data: Buffer; input: InferInput } {
  const where = `input ${show(input.name)}`;
  if (!Number.isSafeInteger(size) || (size as number) < 0 || (size as number) > rest.length) {
    throw bad(
      'BINARY',
      `${where} has binary_data_size ${show(size)}; the body has ${counted(rest.length, 'byte')} left for it`,
    );
  }
  if ((input.data ?? undefined) !== undefined) {
    throw bad('BINARY', `${where} has both data and binary_data_size`);
  }
  if (!isDatatype(input.datatype)) {
    throw bad('DATATYPE', `${where} has the unknown datatype ${show(input.datatype)}`);
  }
  const data = rest.subarray(0, size as number);
  return { data, input: { ...input, data: fromBinary(input.datatype, data, where) } };
}

function bad(code: string, message: string): RequestError {
  return new RequestError(400, code, message);
}
