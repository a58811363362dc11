import { engineNameOf, type InputSpec, type Signature, type TensorSpec } from '../contract/manifest.ts';
import { defaultOutputs } from '../contract/signature.ts';
import type { Session } from './engine/session.ts';
import type { EngineTensor } from './engine/tensor.ts';
import { RequestError } from './errors.ts';
import { refusedInputs } from './refused-inputs.ts';
import { decodeTensor } from './tensor/decode.ts';
import { encodeTensor } from './tensor/encode.ts';
import { show } from './tensor/show.ts';
import type { InferInput, InferOutput, InferRequest } from './tensor/types.ts';

/** A request that fits the signature, in the engine's form. */
export interface DecodedRequest {
  id: string | undefined;
  /** Inputs by their engine names. An optional input may be missing. */
  inputs: Map<string, EngineTensor>;
  /** The outputs to return, in this order. */
  outputs: TensorSpec[];
}

/**
 * Compares a request with the signature and decodes its inputs, without running the model.
 * @throws RequestError 400 that names the input, output or dimension
 */
export function decodeRequest(signature: Signature, request: InferRequest): DecodedRequest {
  const { id } = request;
  if (id !== undefined && typeof id !== 'string') {
    throw bad('ID', `"id" is ${show(id)}; expected a string`);
  }
  return {
    id,
    inputs: decodeInputs(signature.inputs, request.inputs),
    outputs: chooseOutputs(signature.outputs, request.outputs),
  };
}

/**
 * Runs the model once.
 * @throws RequestError 400 if the model rejects the inputs; 413 if it would create too many elements from them, or
 *   needs more memory than is available
 */
export function runDecoded(
  session: Pick<Session, 'run'>,
  { inputs, outputs }: DecodedRequest,
): InferOutput[] {
  let results: EngineTensor[];
  try {
    results = session.run(inputs, outputs.map(engineNameOf));
  } catch (error) {
    throw error instanceof RequestError
      ? error
      : refusedInputs(String((error as Error).message).slice(0, 500));
  }
  return outputs.map((spec, index) => encodeTensor(spec, results[index]!));
}

function decodeInputs(specs: InputSpec[], inputs: unknown): Map<string, EngineTensor> {
  if (!Array.isArray(inputs)) {
    throw bad('INPUTS', `"inputs" is ${show(inputs)}; expected an array of tensors`);
  }
  const byName = new Map<string, InferInput>();
  for (const input of inputs) {
    const name = input?.name;
    if (!specs.some(spec => spec.name === name)) {
      throw bad('INPUTS', `the model has no input ${show(name ?? input)}; it has ${names(specs)}`);
    }
    if (byName.has(name)) {
      throw bad('INPUTS', `duplicate input "${name}"`);
    }
    byName.set(name, input);
  }
  const tensors = new Map<string, EngineTensor>();
  for (const spec of specs) {
    const input = byName.get(spec.name);
    if (input === undefined) {
      if (spec.optional) {
        continue;
      }
      throw bad(
        'INPUTS',
        `input "${spec.name}" is missing; the model expects ${names(specs)}`,
        `input "${spec.name}" is missing`,
      );
    }
    tensors.set(engineNameOf(spec), decodeTensor(spec, input));
  }
  return tensors;
}

function chooseOutputs(specs: TensorSpec[], outputs: InferRequest['outputs']): TensorSpec[] {
  const byDefault = defaultOutputs(specs);
  if (outputs === undefined) {
    return byDefault;
  }
  if (!Array.isArray(outputs)) {
    throw bad('OUTPUTS', '"outputs" is not an array of { "name": … }');
  }
  if (outputs.length === 0) {
    return byDefault;
  }
  return outputs.map((output, index) => {
    if (outputs.findIndex(other => other?.name === output?.name) < index) {
      throw bad('OUTPUTS', `duplicate output ${show(output?.name)}`);
    }
    const spec = specs.find(candidate => candidate.name === output?.name);
    if (spec === undefined) {
      throw bad('OUTPUTS', `the model has no output ${show(output?.name ?? output)}; it has ${names(specs)}`);
    }
    return spec;
  });
}

function names(specs: TensorSpec[]): string {
  return specs.length === 0 ? 'none' : specs.map(spec => JSON.stringify(spec.name)).join(', ');
}

function bad(code: string, message: string, place?: string): RequestError {
  return new RequestError(400, code, message, place);
}
