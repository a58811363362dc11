import { engineNameOf, type PressedManifest } from '../../contract/manifest.ts';
import { defaultOutputs } from '../../contract/signature.ts';
import type { AnswerPart } from '../answer-limit.ts';
import { countElements, sizeOf } from '../size-bounds.ts';
import type { InferRequest } from '../tensor/types.ts';

/** Returns the outputs of a request whose sizes are known before it runs. The request may be unchecked. */
export function foreseeOutputs(
  { signature, bounds }: Pick<PressedManifest, 'signature' | 'bounds'>,
  { inputs, outputs }: Pick<InferRequest, 'inputs' | 'outputs'>,
): (AnswerPart & { name: string })[] {
  if (bounds?.outputs === undefined || !Array.isArray(inputs)) {
    return [];
  }
  const shapes = new Map(
    signature.inputs.map(spec => {
      const shape: unknown = inputs.find(input => input?.name === spec.name)?.shape;
      return [
        engineNameOf(spec),
        { dims: Array.isArray(shape) ? shape.map(size => (typeof size === 'number' ? size : 0)) : [] },
      ];
    }),
  );
  const names =
    Array.isArray(outputs) && outputs.length > 0 ? outputs.map(output => output?.name) : undefined;
  const wanted = names === undefined ? defaultOutputs(signature.outputs) : signature.outputs;
  const values = bounds.sizes.map(of => sizeOf(of, shapes));
  return wanted.flatMap(({ name, datatype }) => {
    const known = bounds.outputs!.find(output => output.name === name);
    return known === undefined || names?.includes(name) === false
      ? []
      : { name, datatype, elements: countElements(known.dims, values) };
  });
}
