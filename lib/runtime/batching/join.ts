import type { TensorData } from '../../contract/tensor-data.ts';
import type { InferInput, InferRequest, InferResponse } from '../tensor/types.ts';
import type { DecodedRequest } from './decode-request.ts';

/** Requests of one key as one, their inputs joined along the first dimension. */
export function joinRequests(requests: DecodedRequest[]): InferRequest {
  const [first] = requests;
  const rows = requests.reduce((sum, request) => sum + request.rows, 0);
  const inputs = first!.request.inputs.map((input, index): InferInput => {
    const parts = requests.map(({ request }) => request.inputs[index]!.data as TensorData);
    return { ...input, shape: [rows, ...input.shape.slice(1)], data: concat(parts) };
  });
  const { outputs } = first!.request;
  return { inputs, ...(outputs && { outputs }) };
}

/** The joined answer's part for each request; `undefined` where an output is not one row for each of the inputs'. */
export function splitResponse(
  { outputs, ...model }: InferResponse,
  requests: DecodedRequest[],
): InferResponse[] | undefined {
  const total = requests.reduce((sum, { rows }) => sum + rows, 0);
  if (outputs.some(({ shape }) => shape[0] !== total)) {
    return undefined;
  }
  let start = 0;
  return requests.map(({ request: { id }, rows }) => {
    const own = outputs.map(output => {
      const size = output.data.length / total;
      const data = output.data.slice(start * size, (start + rows) * size);
      return { ...output, shape: [rows, ...output.shape.slice(1)], data };
    });
    start += rows;
    return { ...model, ...(id === undefined ? {} : { id }), outputs: own };
  });
}

function concat(parts: TensorData[]): TensorData {
  const [first] = parts;
  if (Array.isArray(first)) {
    return (parts as string[][]).flat();
  }
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  // All of one datatype, so of one kind of array.
  const all = new (first!.constructor as Float32ArrayConstructor)(size);
  let start = 0;
  for (const part of parts as Float32Array[]) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}
