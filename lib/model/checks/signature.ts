import { ColdpressError } from '../../errors.ts';
import type { OnnxSignature } from '../outline-types.ts';
import { isPassable } from '../passes/engine-names.ts';
import { readSignature, toManifestSignature } from '../signature.ts';
import { formatType } from '../types.ts';
import type { Check } from './check.ts';

/** Finds inputs and outputs that the Node binding cannot pass. */
export const checkSignature: Check = model => signatureErrors(readSignature(model));

/** Reports sequences, maps, types without an array, and names that no rewrite could fix. */
export function signatureErrors(signature: OnnxSignature): ColdpressError[] {
  const errors = toManifestSignature(signature).unsupported.map(({ role, value }) => {
    if (role === 'output' && value.type.kind === 'unknown') {
      return new ColdpressError(
        'OUTPUT_UNTYPED',
        `the model declares no type for the output "${value.name}"`,
        {
          hint: 'export it again, or add types with onnx.shape_inference.infer_shapes',
        },
      );
    }
    const [code, verb] = role === 'input' ? ['INPUT_UNSUPPORTED', 'take'] : ['OUTPUT_UNSUPPORTED', 'return'];
    return new ColdpressError(
      code!,
      `${role} "${value.name}" is ${formatType(value.type)}, which ONNX Runtime's Node binding cannot ${verb}`,
      {
        hint: 'export the model so that its inputs and outputs are tensors; for a sequence, its elements one by one',
      },
    );
  });
  const unnameable = [...signature.inputs, ...signature.outputs].find(({ name }) => !isPassable(name));
  if (unnameable !== undefined) {
    errors.push(
      new ColdpressError(
        'NAME_UNSUPPORTED',
        `the name ${JSON.stringify(unnameable.name)} cannot be passed to ONNX Runtime`,
        {
          hint: 'pass the .onnx file that the .ort file was made from; coldpress can rename its inputs and outputs',
        },
      ),
    );
  }
  return errors;
}
