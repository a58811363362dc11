import { ColdpressError } from '../../errors.ts';
import { readSignature, toManifestSignature } from '../signature.ts';
import { formatType } from '../types.ts';
import type { Check } from './check.ts';

/** Inputs and outputs that the Node binding cannot pass: sequences, maps, types without an array. */
export const checkSignature: Check = function* (model) {
  const { unsupported } = toManifestSignature(readSignature(model));
  for (const { role, value } of unsupported) {
    const [code, verb] = role === 'input' ? ['INPUT_UNSUPPORTED', 'take'] : ['OUTPUT_UNSUPPORTED', 'return'];
    yield new ColdpressError(
      code,
      `${role} "${value.name}" is ${formatType(value.type)}, which ONNX Runtime's Node binding cannot ${verb}`,
      {
        hint: 'export the model so that it takes and gives tensors; for a sequence, its elements one by one',
      },
    );
  }
};
