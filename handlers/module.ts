import { inlineWeights, model } from '#model';
import { type OpenPortable, openPortable } from '../lib/runtime/portable.ts';

export { RequestError } from '../lib/runtime/errors.ts';

/** Opens the model. @param weights - the weights file next to the module, unless the weights are inline */
export function open(weights: ArrayBuffer | Uint8Array | undefined = decode(inlineWeights)): OpenPortable {
  return openPortable(model, weights);
}

function decode(base64: string | undefined): Uint8Array | undefined {
  return base64 === undefined ? undefined : Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
}
