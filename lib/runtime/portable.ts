import { checksum } from '../contract/checksum.ts';
import type { Signature } from '../contract/manifest.ts';
import type { Program } from '../contract/program.ts';
import { openProgram } from './engine/compiled/open-program.ts';
import { decodeRequest, runDecoded } from './infer.ts';
import type { InferRequest, InferResponse } from './tensor/types.ts';

/** A compiled model, as contained in a module. */
export interface PortableModel {
  name: string;
  /** The first 12 digits of the SHA-256 of the original model file. */
  version: string;
  signature: Signature;
  program: Program;
}

/** An open model like that of `openModel`, reduced to what works without Node. */
export interface OpenPortable {
  signature: Signature;
  infer(request: InferRequest): InferResponse;
}

/** @throws Error if the weights do not belong to the model */
export function openPortable(
  model: PortableModel,
  weights: ArrayBuffer | Uint8Array | undefined,
): OpenPortable {
  const { name, version, signature, program } = model;
  const { path, sizeBytes, checksum: expected } = program.weights;
  if (weights === undefined || weights.byteLength !== sizeBytes) {
    throw new Error(
      `open() expects the ${sizeBytes} bytes of ${path}; it got ${weights?.byteLength ?? 'none'}`,
    );
  }
  const bytes = aligned(weights);
  if (checksum(bytes) !== expected) {
    throw new Error(`${path} is not the one that was written with this module: its checksum is another`);
  }
  const session = openProgram(program, bytes);
  return {
    signature,
    infer(request) {
      const decoded = decodeRequest(signature, request);
      const outputs = runDecoded(session, decoded);
      const id = decoded.id === undefined ? {} : { id: decoded.id };
      return { model_name: name, model_version: version, ...id, outputs };
    },
  };
}

/** Typed arrays of 64-bit numbers must begin at multiples of 8. */
function aligned(weights: ArrayBuffer | Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = weights instanceof ArrayBuffer ? new Uint8Array(weights) : weights;
  return bytes.buffer instanceof ArrayBuffer && bytes.byteOffset % 8 === 0
    ? (bytes as Uint8Array<ArrayBuffer>)
    : new Uint8Array(bytes);
}
