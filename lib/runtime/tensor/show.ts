/** How much of a value an error tells. */
const shownLength = 60;

/**
 * A value of a request as an error may tell it: short, on one line, and made without following it, as it may be nested
 * deeper than any stack.
 */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.slice(0, shownLength));
  }
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'an array' : 'an object';
  }
  return typeof value === 'function' ? 'a function' : String(value);
}
