import type { Golden } from '../../contract/golden.ts';
import type { Model } from '../open-model.ts';
import { differs } from './differs.ts';
import type { Loaded } from './loaded.ts';

/** Runs the model on its golden vector. @throws Error that describes how its answer differs */
export function checkVector(model: Model, vector: Golden, { toJsonData }: Loaded): void {
  const { outputs } = model.infer(vector.request);
  for (const expected of vector.response.outputs) {
    const actual = outputs.find(output => output.name === expected.name);
    const { name, datatype, shape } = expected;
    if (actual === undefined || actual.datatype !== datatype || `${actual.shape}` !== `${shape}`) {
      throw new Error(
        `output "${name}": expected ${datatype} [${shape}], got ${actual?.datatype} [${actual?.shape}]`,
      );
    }
    const difference = differs(expected, toJsonData(datatype, actual.data), vector.tolerance);
    if (difference !== undefined) {
      throw new Error(difference);
    }
  }
}
