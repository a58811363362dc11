/** Names of types in valibot and zod, in words. */
const words: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  bigint: 'a bigint',
  boolean: 'true or false',
  Array: 'a list',
  array: 'a list',
  Object: 'an object',
  object: 'an object',
  Date: 'a date',
  NaN: 'not a number',
  '!NaN': 'a number',
  undefined: 'nothing',
};

const comparisons: Readonly<Record<string, (limit: string) => string>> = {
  '>=': limit => `${limit} or more`,
  '<=': limit => `${limit} or less`,
  '>': limit => `more than ${limit}`,
  '<': limit => `less than ${limit}`,
  '!': other => `other than ${other}`,
};

/** What a schema names as expected or received, in words: `(string | Object)` is `text or an object`. */
export function inWords(text: string): string {
  if (/^["/]/.test(text)) {
    return text.startsWith('/') ? `text of the form ${text}` : text;
  }
  return text
    .replace(/^\((.*)\)$/s, '$1')
    .split(' | ')
    .map(part => {
      const [, sign, limit] = /^([<>]=?|!)(.+)$/s.exec(part) ?? [];
      return words[part] ?? (sign === undefined ? part : comparisons[sign]!(limit!));
    })
    .join(' or ');
}

/**
 * Rewrites the default messages of valibot, `Invalid type: Expected number but received "a"`, and of zod. A message that
 * the author of a schema has written is kept.
 */
export function plainIssue(message: string): string {
  const [, label = '', first, second, received] =
    /^Invalid ([\w ]+): (?:Expected (.+?) but received|expected (.+?), received|Received) (.+)$/s.exec(
      message,
    ) ?? [];
  if (received === undefined) {
    return message;
  }
  const expected = first ?? second;
  if (expected === 'never') {
    return 'it is unknown';
  }
  if (label === 'key' && received === 'undefined') {
    return 'it is missing';
  }
  const wanted =
    expected === undefined ? `${/^[aeiou]/i.test(label) ? 'an' : 'a'} ${label}` : inWords(expected);
  if (label === 'length') {
    return `its length is ${received}; expected ${wanted}`;
  }
  return received === 'undefined'
    ? `it is missing; expected ${wanted}`
    : `expected ${wanted}; received ${inWords(received)}`;
}
