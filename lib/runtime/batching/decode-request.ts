import { engineNameOf, type Signature } from '../../contract/manifest.ts';
import type { EngineTensor } from '../engine/tensor.ts';
import { infer } from '../infer.ts';
import type { InferInput, InferRequest } from '../tensor/types.ts';

/** A request whose inputs fit the signature, as typed arrays. */
export interface DecodedRequest {
  request: InferRequest;
  /** The first dimension of its inputs. */
  rows: number;
  /** Equal for requests that differ in nothing but rows, numbers and identifier. */
  key: string;
}

/**
 * Checks and decodes a request as a run of its own would, and runs nothing.
 * @throws RequestError 400
 */
export function decodeRequest(signature: Signature, request: InferRequest): DecodedRequest {
  const tensors = takeTensors(signature, request);
  const inputs = signature.inputs.flatMap((spec): InferInput[] => {
    const tensor = tensors.get(engineNameOf(spec));
    return tensor === undefined
      ? []
      : [{ name: spec.name, datatype: spec.datatype, shape: tensor.dims, data: tensor.data }];
  });
  const rows = inputs[0]?.shape[0] ?? 1;
  const isOneBatch = rows > 0 && inputs.every(({ shape }) => shape[0] === rows);
  const parts = inputs.map(({ name, shape }) => `${name}\n${shape.slice(1)}`);
  const outputs = request.outputs?.map(({ name }) => name) ?? [];
  return {
    request: { ...request, inputs },
    rows: isOneBatch ? rows : Number.POSITIVE_INFINITY,
    key: JSON.stringify([parts, outputs]),
  };
}

/** What the engine would get, from the function that hands it over: by an engine that keeps it and fails. */
function takeTensors(signature: Signature, request: InferRequest): Map<string, EngineTensor> {
  let taken: Map<string, EngineTensor> | undefined;
  const keeper = {
    run(inputs: Map<string, EngineTensor>): never {
      taken = inputs;
      throw kept;
    },
  };
  try {
    infer(keeper, signature, request);
  } catch (error) {
    if (taken === undefined) {
      throw error;
    }
  }
  return taken!;
}

/** One for all: making an error walks the stack. */
const kept = new Error('kept');
