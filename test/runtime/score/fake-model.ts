import type { PressedManifest, TensorSpec } from '../../../lib/contract/manifest.ts';
import { RequestError } from '../../../lib/runtime/errors.ts';
import type { Model } from '../../../lib/runtime/open-model.ts';
import type { InferInput, InferOutput, InferRequest } from '../../../lib/runtime/tensor/types.ts';

/** A model that is a function of JavaScript, and keeps what it was run with. */
export function fakeModel(
  signature: { inputs: TensorSpec[]; outputs: TensorSpec[] },
  {
    run,
    events,
    features,
  }: { run: (inputs: Record<string, InferInput>) => InferOutput[] } & Pick<
    PressedManifest,
    'events' | 'features'
  >,
): Model & { runs: InferRequest[] } {
  const runs: InferRequest[] = [];
  const manifest = {
    name: 'fake',
    signature,
    ...(events && { events }),
    ...(features && { features }),
  } as PressedManifest;
  return {
    ...{ signature, manifest, runs, version: '', phases: { boot: 0, native: 0, model: 0 } },
    infer(request) {
      runs.push(request);
      return {
        model_name: 'fake',
        model_version: '',
        outputs: run(Object.fromEntries(request.inputs.map(input => [input.name, input]))),
      };
    },
    close() {},
  };
}

/** Gives its one input back, and refuses a batch that has a negative number. */
export function echo(name: string, spec: Omit<InferOutput, 'name' | 'shape' | 'data'>) {
  return ({ x }: Record<string, InferInput>): InferOutput[] => {
    const data = x!.data as Float32Array;
    if (data.some(value => value < 0)) {
      throw new RequestError(400, 'RUN', 'the model refused these inputs');
    }
    return [{ name, ...spec, shape: [...x!.shape], data }];
  };
}
