import { isDatatype } from '../../contract/datatypes.ts';
import type { Signature } from '../../contract/manifest.ts';
import { closeShape, isOpen } from '../../contract/signature.ts';
import { RequestError } from '../errors.ts';
import { fromBinary } from '../tensor/binary.ts';
import { counted, show } from '../tensor/show.ts';
import type { InferInput, InferRequest } from '../tensor/types.ts';
import type { Untrusted } from './infer-request.ts';
import { headerLength } from './infer-response.ts';

export interface BinaryOptions {
  /** `Inference-Header-Content-Length`. */
  header: string;
  signature: Signature;
  /** Reads the part that is JSON. */
  readText(text: Uint8Array): Promise<Untrusted>;
}

/** Reads an inference request with raw tensors. @throws RequestError */
export async function readBinary(body: Buffer, options: BinaryOptions): Promise<InferRequest> {
  return options.header.trim() === '0'
    ? readRaw(body, options.signature)
    : ((await readMixed(body, options)) as InferRequest);
}

/**
 * Reads a body that contains only the elements of the model's only input, which Triton accepts if the header declares
 * no JSON: the number of bytes determines the open dimension of the signature, and all outputs are returned raw.
 * @throws RequestError 400
 */
function readRaw(body: Buffer, { inputs }: Signature): InferRequest {
  const [spec] = inputs;
  if (spec === undefined || inputs.length > 1 || spec.datatype === 'BYTES') {
    throw bad('BINARY', 'a body without JSON is for a model of one input of numbers');
  }
  const { name, datatype } = spec;
  const data = fromBinary(datatype, body, `input "${name}"`);
  const shape = spec.shape ?? [-1];
  const open = shape.flatMap((size, axis) => (isOpen(size) ? [axis] : []));
  // With several open dimensions, the body is one row.
  const varying = open.length > 1 ? open.filter(axis => axis !== spec.rowAxis) : open;
  if (varying.length > 1) {
    throw bad(
      'BINARY',
      `input "${name}" has ${open.length} open dimensions: a raw body cannot set them; send JSON`,
    );
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

async function readMixed(
  body: Buffer,
  { header, readText }: Pick<BinaryOptions, 'header' | 'readText'>,
): Promise<Untrusted> {
  const length = /^\d{1,15}$/.test(header.trim()) ? Number(header) : Number.NaN;
  if (!(length <= body.length)) {
    throw bad(
      'BINARY',
      `the header ${headerLength} is ${show(header)}; the body has ${counted(body.length, 'byte')}`,
    );
  }
  const inference = await readText(body.subarray(0, length));
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
