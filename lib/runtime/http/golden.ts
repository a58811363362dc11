import { dirname, join } from 'node:path';
import { GOLDEN_FILE } from '../../contract/files.ts';
import type { Golden } from '../../contract/golden.ts';
import { readPacked } from '../embedded.ts';
import type { Model } from '../open-model.ts';
import { toJsonData } from '../tensor/encode.ts';
import type { InferRequest } from '../tensor/types.ts';
import { differs } from './differs.ts';

/** The packed model's golden vector, and whether the model still answers it. */
export interface GoldenCheck {
  /** Its request; `undefined` for a model without one. */
  request(): InferRequest | undefined;
  /** Whether the model answers as it did when it was packed; run once, when first asked, and logged when it does not. */
  passes(): boolean;
}

export function openGolden(dir: string, model: Model): GoldenCheck {
  const { golden, model: packed } = model.manifest;
  const path = join(dir, dirname(packed.path), GOLDEN_FILE);
  const read = (): Golden => JSON.parse(readPacked(path).toString());
  // One without a vector is ready when it is open.
  let passed = golden.kept ? undefined : true;
  return {
    request: () => (golden.kept ? read().request : undefined),
    passes() {
      passed ??= logged(() => checkVector(model, read()));
      return passed;
    },
  };
}

/** @throws Error that says what differs */
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
