import type { TensorSpec } from '../../contract/manifest.ts';
import { RequestError } from '../errors.ts';
import { show } from '../tensor/show.ts';

/** @throws RequestError 400 if a name is not an output of the model */
export function checkOutputs(names: readonly unknown[], outputs: readonly TensorSpec[]): void {
  for (const name of names) {
    if (!outputs.some(output => output.name === name)) {
      const known = outputs.map(output => JSON.stringify(output.name)).join(', ');
      throw new RequestError(400, 'OUTPUTS', `the model has no output ${show(name)}; it has ${known}`);
    }
  }
}
