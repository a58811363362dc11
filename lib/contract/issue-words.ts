/**
 * Rewrites the default messages of valibot, `Invalid type: Expected number but received "a"`, and of zod. A message that
 * the author of a schema has written is kept.
 * @param inWords - words for what is expected and received (default: as the library names them)
 */
export function plainIssue(message: string, inWords = (name: string): string => name): string {
  const [, label, first, second, received] =
    /^Invalid ([\w ]+): (?:Expected (.+?) but received|expected (.+?), received|Received) (.+)$/s.exec(
      message,
    ) ?? [];
  if (label === undefined || received === undefined) {
    return message;
  }
  const expected = first ?? second ?? label;
  if (expected === 'never') {
    return 'it is unknown';
  }
  const wanted = `expected ${label === 'length' || label === 'size' ? `${label} ` : ''}${inWords(expected)}`;
  return received === 'undefined' ? `it is missing; ${wanted}` : `${wanted}; received ${inWords(received)}`;
}
