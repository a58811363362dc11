import type { Signature } from '../../contract/manifest.ts';
import { closeShape, isOpen } from '../../contract/signature.ts';
import { RequestError } from '../errors.ts';
import { fromBinary } from '../tensor/binary.ts';
import type { InferRequest } from '../tensor/types.ts';

/**
 * Reads a body that contains only the elements of the model's only input, which Triton accepts if the header declares
 * no JSON: the number of bytes determines the open dimension of the signature, and all outputs are returned raw.
 * @throws RequestError 400
 */
export function readRaw(body: Buffer, { inputs }: Signature): InferRequest {
  const [spec] = inputs;
  if (spec === undefined || inputs.length > 1 || spec.datatype === 'BYTES') {
    throw bad('a body without JSON is for a model of one input of numbers');
  }
  const { name, datatype } = spec;
  const data = fromBinary(datatype, body, `input "${name}"`);
  const shape = spec.shape ?? [-1];
  const open = shape.flatMap((size, axis) => (isOpen(size) ? [axis] : []));
  // With several open dimensions, the body is one row.
  const varying = open.length > 1 ? open.filter(axis => axis !== spec.rowAxis) : open;
  if (varying.length > 1) {
    throw bad(`input "${name}" has ${open.length} open dimensions: a raw body cannot set them; send JSON`);
  }
  const dims = closeShape(shape, 1);
  const [axis] = varying;
  if (axis !== undefined) {
    const size = dims.reduce((product, dimension) => product * dimension, 1);
    dims[axis] = Math.floor(data.length / Math.max(1, size));
  }
  // The number of elements is checked against the shape later, as for any request.
  return { inputs: [{ name, datatype, shape: dims, data }], parameters: { binary_data_output: true } };
}

function bad(message: string): RequestError {
  return new RequestError(400, 'BINARY', message);
}
