import { engineNameOf, type InputSpec, type PressedManifest } from '../../contract/manifest.ts';
import { joinRows, takeRows } from '../../contract/rows.ts';
import { countRows } from '../../contract/signature.ts';
import type { Watch } from '../counting/watch.ts';
import { EngineTensor } from '../engine/tensor.ts';
import type { DecodedRequest } from '../infer.ts';
import type { Model } from '../open-model.ts';
import type { InferRequest, InferResponse } from '../tensor/types.ts';
import { gather, nextKey } from './gather.ts';
import type { BatchLimits } from './limits.ts';

/** Works like `Model.infer`, but asynchronously, as runs may be shared. @throws RequestError */
export type Infer = (request: InferRequest) => Promise<InferResponse>;

interface Waiting {
  request: DecodedRequest;
  rows: number;
}

/**
 * Answers inference requests that arrive together with one run, joined along the row axes of the model's inputs, if its
 * records are proven independent of each other. Otherwise each request runs alone. Each request is checked before it
 * waits, so that a client's error affects only that client.
 */
export function shareInference(
  model: Model<PressedManifest>,
  watch: Pick<Watch, 'see'>,
  limits: BatchLimits,
): Infer {
  const { inputs } = model.signature;
  const { independent } = model.manifest.rows;
  const add = gather<Waiting, InferResponse>(waiting => {
    const request = waiting.length === 1 ? waiting[0]!.request : joinRequests(waiting, inputs);
    const response = model.run(request);
    const responses = waiting.length === 1 ? [response] : splitResponse(response, waiting);
    watch.see({ request, outputs: response.outputs })();
    return responses;
  }, limits);
  return async request => {
    const decoded = model.decode(request);
    const rows = commonRows(decoded, inputs);
    return add({
      value: { request: decoded, rows: rows ?? 1 },
      rows: rows ?? 1,
      key: independent && rows !== undefined ? formOf(decoded, inputs) : nextKey(),
    });
  };
}

/** Returns how many rows a request has, or `undefined` if its inputs disagree; the model then rejects it. */
function commonRows({ inputs: tensors }: DecodedRequest, inputs: readonly InputSpec[]): number | undefined {
  const counts = inputs.flatMap(spec => {
    const dims = tensors.get(engineNameOf(spec))?.dims;
    return dims === undefined || spec.rowAxis === null ? [] : countRows(spec, dims);
  });
  const [rows] = counts;
  return rows !== undefined && rows > 0 && counts.every(count => count === rows) ? rows : undefined;
}

/** Returns a key that is equal for requests that differ only in rows, values and identifier. */
function formOf({ inputs: tensors, outputs }: DecodedRequest, inputs: readonly InputSpec[]): string {
  const shapes = inputs.map(spec => {
    const dims = tensors.get(engineNameOf(spec))?.dims;
    return dims?.filter((_, axis) => axis !== spec.rowAxis);
  });
  return JSON.stringify([shapes, outputs.map(({ name }) => name)]);
}

/** Joins requests of the same form into one. */
function joinRequests(waiting: readonly Waiting[], inputs: readonly InputSpec[]): DecodedRequest {
  const joined = inputs.flatMap((spec): [string, EngineTensor][] => {
    const name = engineNameOf(spec);
    const tensors = waiting.flatMap(({ request }) => request.inputs.get(name) ?? []);
    const [first] = tensors;
    if (first === undefined || spec.rowAxis === null) {
      return first === undefined ? [] : [[name, first]];
    }
    const parts = tensors.map(tensor => ({ shape: tensor.dims, data: tensor.data }));
    const { shape, data } = joinRows(parts, spec.rowAxis);
    return [[name, new EngineTensor(first.type, data, shape)]];
  });
  return { id: undefined, inputs: new Map(joined), outputs: waiting[0]!.request.outputs };
}

/**
 * Splits a joined answer into one part per request.
 * @throws Error if an output does not have a row for each of theirs; each request then runs alone
 */
function splitResponse({ outputs, ...model }: InferResponse, waiting: readonly Waiting[]): InferResponse[] {
  const specs = waiting[0]!.request.outputs;
  const total = waiting.reduce((sum, { rows }) => sum + rows, 0);
  let start = 0;
  return waiting.map(({ request: { id }, rows }) => {
    const own = outputs.map((output, index) => {
      const { rowAxis } = specs[index]!;
      if (rowAxis === null || output.shape[rowAxis] !== total) {
        throw new Error(`output ${output.name} does not have ${total} rows`);
      }
      const data = takeRows(output, rowAxis, start, start + rows);
      return { ...output, shape: output.shape.with(rowAxis, rows), data };
    });
    start += rows;
    return { ...model, ...(id === undefined ? {} : { id }), outputs: own };
  });
}
