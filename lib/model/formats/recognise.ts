// biome-ignore-all lint/suspicious/noControlCharactersInRegex: magic bytes are control characters.

import type { Evidence } from '../evidence.ts';

/** Boosters in the formats in which their libraries save them. */
export type BoosterFormat = 'lightgbm' | 'xgboost-json' | 'xgboost-ubj';

const patterns: Record<BoosterFormat, RegExp> = {
  lightgbm: /^tree\r?\nversion=/,
  // Whether keys are sorted depends on the XGBoost version.
  'xgboost-json': /^\s*\{\s*"(learner|version)"\s*:/,
  // An object whose first key has a 64-bit length of 7.
  'xgboost-ubj': /^\{(?:#.{1,9})?L\0{7}\x07(learner|version)/s,
};

/** Recognises a booster's format by the first bytes of the file; `undefined` if it is none of them. */
export function boosterFormat({ head }: Pick<Evidence, 'head'>): BoosterFormat | undefined {
  // An editor on Windows may have put a byte order mark in front.
  const text = head.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  return (Object.keys(patterns) as BoosterFormat[]).find(format => patterns[format].test(text));
}
