import { RequestError } from '../errors.ts';
import { toBinary } from '../tensor/binary.ts';
import { toJsonData } from '../tensor/encode.ts';
import type { InferOutput, InferRequest, InferResponse } from '../tensor/types.ts';
import { json } from './respond.ts';
import type { HttpResponse } from './types.ts';

/** The header that says how much of a body is JSON, before raw tensors. */
export const headerLength = 'inference-header-content-length';
/** What a body with raw tensors is. */
export const binaryType = 'application/octet-stream';

/** The longest string that V8 makes; an element of JSON has two characters at the least. */
const maxJsonElements = 2 ** 28;

/** Writes an answer: JSON, and the outputs that were asked for as `binary_data` as raw bytes behind it. */
export function writeInferResponse(response: InferResponse, request: InferRequest): HttpResponse {
  const chunks: Uint8Array[] = [];
  const outputs = response.outputs.map(({ data, ...output }) => {
    if (wantsBinary(request, output.name)) {
      const bytes = toBinary(data);
      chunks.push(bytes);
      return { ...output, parameters: { binary_data_size: bytes.byteLength } };
    }
    return { ...output, data: jsonData({ ...output, data }) };
  });
  const head = { ...response, outputs };
  return chunks.length === 0 ? json(200, head) : mixed(JSON.stringify(head), chunks);
}

function wantsBinary({ outputs, parameters }: InferRequest, name: string): boolean {
  const own = outputs?.find(output => output.name === name)?.parameters?.binary_data;
  return (own ?? parameters?.binary_data_output) === true;
}

function jsonData({ name, datatype, data }: InferOutput): unknown[] {
  if (data.length > maxJsonElements) {
    throw new RequestError(
      413,
      'RESPONSE_SIZE',
      `output "${name}" has ${data.length} elements, too many for JSON`,
    );
  }
  return toJsonData(datatype, data);
}

function mixed(head: string, chunks: Uint8Array[]): HttpResponse {
  const bytes = Buffer.from(head);
  return {
    status: 200,
    headers: { 'content-type': binaryType, [headerLength]: String(bytes.length) },
    body: Buffer.concat([bytes, ...chunks]),
  };
}
