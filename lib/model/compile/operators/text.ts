import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';
import { oneOf } from './settings.ts';

const tfIdfVectorizer: Rule = node => {
  inputType(node, 0, ['string', 'int64', 'int32']);
  const strings = node.strings('pool_strings');
  const integers = node.bigints('pool_int64s');
  const pool = strings.length > 0 ? strings : BigInt64Array.from(integers);
  const columns = Int32Array.from(node.ints('ngram_indexes'));
  const weights = node.floats('weights');
  if (
    columns.length === 0 ||
    columns.some(column => column < 0) ||
    (weights.length > 0 && weights.length !== columns.length)
  ) {
    node.refuse('its lists do not fit each other');
  }
  return {
    kernel: 'tfIdfVectorizer',
    settings: {
      mode: oneOf(node, 'mode', ['TF', 'IDF', 'TFIDF']),
      shortest: node.int('min_gram_length', 1),
      longest: node.int('max_gram_length', 1),
      skips: node.int('max_skip_count', 0),
      pool,
      starts: node.ints('ngram_counts'),
      columns,
      weights: weights.length > 0 ? Float32Array.from(weights) : null,
    },
    types: ['float32'],
  };
};

/** Locales with the default case mapping; others, such as Turkish, have their own. */
const plainLocales = ['', 'en_US', 'en_US.UTF-8', 'en-US', 'C', 'POSIX', 'C.UTF-8'];

const stringNormalizer: Rule = node => {
  inputType(node, 0, ['string']);
  const locale = node.string('locale', '');
  if (!plainLocales.includes(locale)) {
    node.refuse(`locale "${locale}" is not covered`);
  }
  return {
    kernel: 'stringNormalizer',
    settings: {
      change: oneOf(node, 'case_change_action', ['NONE', 'LOWER', 'UPPER']),
      isCaseSensitive: node.int('is_case_sensitive', 0) !== 0,
      stopwords: node.strings('stopwords'),
    },
    types: ['string'],
  };
};

/** Operators on text. */
export const textOperators: Readonly<Record<string, Rule>> = {
  StringNormalizer: stringNormalizer,
  TfIdfVectorizer: tfIdfVectorizer,
};
