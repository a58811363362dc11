import { dirname, join } from 'node:path';
import { GOLDEN_FILE } from '../../contract/files.ts';
import type { Golden } from '../../contract/golden.ts';
import { readPackedText } from '../embedded.ts';
import type { Model } from '../open-model.ts';
import { toJsonData } from '../tensor/encode.ts';
import type { InferRequest } from '../tensor/types.ts';
import { differs } from './differs.ts';

/** The packed model's golden vector, and whether the model still reproduces it. */
export interface GoldenCheck {
  /** Returns the vector's request, or `undefined` for a model without a vector. */
  request(): InferRequest | undefined;
  /** Whether the model answers as it did when it was packed. Runs on the first call only; a difference is logged. */
  passes(): boolean;
}

export function openGolden(dir: string, model: Model): GoldenCheck {
  const { golden, model: packed } = model.manifest;
  const read = (): Golden => {
    const path = join(dir, dirname(packed.path), GOLDEN_FILE);
    return JSON.parse(readPackedText(path));
  };
  // A model without a vector is ready as soon as it is open.
  let passed = golden.kept ? undefined : true;
  return {
    request: () => (golden.kept ? read().request : undefined),
    passes() {
      passed ??= logged(() => checkVector(model, read()));
      return passed;
    },
  };
}

/** @throws Error that describes the difference */
function checkVector(model: Model, vector: Golden): void {
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

function logged(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    console.error('not ready: the self-test failed:', error);
    return false;
  }
}
