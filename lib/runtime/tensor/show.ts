/** Maximum characters of a value in an error. */
const shownLength = 60;

/**
 * Describes a value of a request for an error: short, on one line, and without recursion, because it may be nested
 * deeper than any stack.
 */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.slice(0, shownLength));
  }
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'an array' : 'an object';
  }
  return typeof value === 'function' ? 'a function' : String(value === undefined ? 'missing' : value);
}

/** `1 element`, `2 elements`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
