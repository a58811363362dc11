import { type AnswerLimit, checkParts, startMeter } from '../answer-limit.ts';
import { toBinary } from '../tensor/binary.ts';
import type { InferRequest, InferResponse } from '../tensor/types.ts';
import type { HttpResponse } from './types.ts';

/** The header with the number of JSON bytes before raw tensors. */
export const headerLength = 'inference-header-content-length';
/** The media type of a body with raw tensors. */
export const binaryType = 'application/octet-stream';

/**
 * Writes an answer: JSON, followed by the raw bytes of the outputs requested as `binary_data`.
 * @throws RequestError 413 RESPONSE_SIZE
 */
export async function writeInferResponse(
  response: InferResponse,
  request: InferRequest,
  limit: AnswerLimit,
): Promise<HttpResponse> {
  checkParts(
    response.outputs.map(({ name, datatype, data }) => ({
      datatype,
      elements: data.length,
      isBinary: wantsBinary(request, name),
    })),
    limit,
  );
  const meter = startMeter(limit);
  const chunks: Uint8Array[] = [];
  const texts: string[] = [];
  for (const { data, ...output } of response.outputs) {
    if (wantsBinary(request, output.name)) {
      const bytes = toBinary(data);
      meter.add(bytes.byteLength);
      chunks.push(bytes);
      texts.push(JSON.stringify({ ...output, parameters: { binary_data_size: bytes.byteLength } }));
      continue;
    }
    const parts: string[] = [];
    await meter.write({ ...output, data }, part => parts.push(part));
    texts.push(`${JSON.stringify(output).slice(0, -1)},"data":[${parts.join('')}]}`);
  }
  const { outputs, ...head } = response;
  const text = `${JSON.stringify(head).slice(0, -1)},"outputs":[${texts.join()}]}`;
  return chunks.length === 0
    ? { status: 200, headers: { 'content-type': 'application/json' }, body: text }
    : mixed(text, chunks);
}

/** Whether a request, which may still be unchecked, wants an output as raw bytes. */
export function wantsBinary(
  { outputs, parameters }: Pick<InferRequest, 'outputs' | 'parameters'>,
  name: string,
): boolean {
  const own = Array.isArray(outputs)
    ? outputs.find(output => output?.name === name)?.parameters?.binary_data
    : undefined;
  return (own ?? parameters?.binary_data_output) === true;
}

function mixed(head: string, chunks: Uint8Array[]): HttpResponse {
  const bytes = Buffer.from(head);
  return {
    status: 200,
    headers: { 'content-type': binaryType, [headerLength]: String(bytes.length) },
    body: Buffer.concat([bytes, ...chunks]),
  };
}
