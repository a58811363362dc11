import type { Manifest, Signature } from '../../../lib/contract/manifest.ts';
import { takesBatches } from '../../../lib/contract/signature.ts';
import { RequestError } from '../../../lib/runtime/errors.ts';
import type { Model } from '../../../lib/runtime/open-model.ts';
import type { InferInput, InferOutput, InferRequest } from '../../../lib/runtime/tensor/types.ts';
import { type SettingsConfig, settingsOf } from '../../settings.ts';

/** A model that is a function of JavaScript, and keeps what it was run with. */
export function fakeModel(
  signature: Signature,
  {
    run,
    events,
    features,
  }: {
    run: (inputs: Record<string, InferInput>) => InferOutput[];
    features?: string[];
  } & Pick<SettingsConfig, 'events'>,
): Pick<Model<Manifest>, 'manifest' | 'infer'> & { runs: InferRequest[] } {
  const runs: InferRequest[] = [];
  const manifest = {
    name: 'fake',
    signature,
    rows: takesBatches(signature) ? { independent: true } : { independent: false, reason: '' },
    ...settingsOf(events === undefined ? {} : { events }),
    ...(features && { features }),
  } as Manifest;
  return {
    manifest,
    runs,
    infer(request) {
      runs.push(request);
      return {
        model_name: 'fake',
        model_version: '',
        outputs: run(Object.fromEntries(request.inputs.map(input => [input.name, input]))),
      };
    },
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
