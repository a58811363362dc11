import type { Signature } from '../../contract/manifest.ts';
import { RequestError } from '../errors.ts';
import { fromBinary } from '../tensor/binary.ts';
import type { InferRequest } from '../tensor/types.ts';

/**
 * A body that is nothing but the elements of the model's only input, as Triton takes it where the header says that no
 * byte is JSON: the shape is what the signature and the number of bytes leave open, and all outputs come back raw.
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
  const open = shape.flatMap((size, axis) => (typeof size === 'string' || size < 0 ? [axis] : []));
  // Of several, the first is the batch.
  const batch = open.length > 1 ? open.shift() : undefined;
  if (open.length > 1) {
    throw bad(
      `input "${name}" has ${open.length + 1} dimensions that vary: a body without JSON does not tell them`,
    );
  }
  const known = shape.filter((_, axis) => axis !== batch && axis !== open[0]) as number[];
  const rest =
    data.length /
    Math.max(
      1,
      known.reduce((product, size) => product * size, 1),
    );
  const dims = shape.map((size, axis) =>
    axis === batch ? 1 : axis === open[0] ? Math.floor(rest) : Number(size),
  );
  // Whether there are as many elements as that is what every request is asked.
  return { inputs: [{ name, datatype, shape: dims, data }], parameters: { binary_data_output: true } };
}

function bad(message: string): RequestError {
  return new RequestError(400, 'BINARY', message);
}
