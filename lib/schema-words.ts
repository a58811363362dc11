/** Names of types in valibot and zod, in small letters, and in words. */
const words: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  bigint: 'a bigint',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  date: 'a date',
  nan: 'not a number',
  '!nan': 'a number',
  undefined: 'nothing',
};

const comparisons: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
  '!': 'other than',
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
      return words[part.toLowerCase()] ?? (sign === undefined ? part : `${comparisons[sign]} ${limit}`);
    })
    .join(' or ');
}
