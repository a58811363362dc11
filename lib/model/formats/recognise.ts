// biome-ignore-all lint/suspicious/noControlCharactersInRegex: magic bytes are control characters.

import type { Evidence } from '../foreign-formats.ts';

/** Models that are read as their libraries save them. */
export type BoosterFormat = 'lightgbm' | 'xgboost-json' | 'xgboost-ubj';

const patterns: Record<BoosterFormat, RegExp> = {
  lightgbm: /^tree\r?\nversion=/,
  // Keys are sorted by some versions and not by others.
  'xgboost-json': /^\s*\{\s*"(learner|version|Config)"\s*:/,
  // An object whose first key has a length of 7 in 64 bits.
  'xgboost-ubj': /^\{(?:#.{1,9})?L\0{7}\x07(learner|version)/s,
};

/** Which of them a file is, by its first bytes; `undefined`: none. */
export function boosterFormat({ head }: Pick<Evidence, 'head'>): BoosterFormat | undefined {
  const text = head.toString('latin1');
  return (Object.keys(patterns) as BoosterFormat[]).find(format => patterns[format].test(text));
}
