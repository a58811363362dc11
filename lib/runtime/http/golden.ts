import { dirname, join } from 'node:path';
import { GOLDEN_FILE } from '../../contract/files.ts';
import type { Golden } from '../../contract/golden.ts';
import { readPackedText } from '../embedded.ts';
import type { Model } from '../open-model.ts';
import type { InferRequest } from '../tensor/types.ts';

/** The packed model's golden vector, and whether the model still reproduces it. */
export interface GoldenCheck {
  /** Returns the vector's request, or `undefined` for a model without a vector. */
  request(): InferRequest | undefined;
  /**
   * Whether the model answers as it did when it was packed. Checks on the first call only; a difference is logged.
   * @param check - throws if the model answers otherwise
   */
  passes(check: (vector: Golden) => void): boolean;
}

export function openGolden(dir: string, { manifest: { golden, model } }: Model): GoldenCheck {
  const read = (): Golden => JSON.parse(readPackedText(join(dir, dirname(model.path), GOLDEN_FILE)));
  // A model without a vector is ready as soon as it is open.
  let passed = golden.kept ? undefined : true;
  return {
    request: () => (golden.kept ? read().request : undefined),
    passes(check) {
      passed ??= logged(() => check(read()));
      return passed;
    },
  };
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
