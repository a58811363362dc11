import { datatypes, elementKind } from '../../contract/datatypes.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import type { ElementOptions, Reader } from './readers/elements.ts';
import * as readers from './readers/used.ts';

/**
 * Reads the elements of a tensor from JSON values without changing any: a value that the datatype cannot represent is
 * rejected with its index.
 * @param parts - the innermost arrays, whose lengths add up to `size`
 */
export function readParts(
  parts: readonly (readonly unknown[])[],
  size: number,
  options: ElementOptions,
): TensorData {
  const { datatype } = options;
  const { array } = datatypes[datatype];
  const out: TensorData = array === undefined ? new Array<string>(size) : new array(size);
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a bundle has only those of the model's inputs.
  const read: Reader = readers[elementKind(datatype)];
  let offset = 0;
  for (const part of parts) {
    read(part, out, { ...options, offset });
    offset += part.length;
  }
  return out;
}
