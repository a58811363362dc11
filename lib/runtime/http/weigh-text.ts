/**
 * A text is weighed before it is parsed, in one pass over its characters: values of two bytes each become objects of
 * thirty times their size, and a second of work, before anything can look at them. The pass takes a turn of the event
 * loop for each part of the text, so that a long one holds up no one.
 */

/** A longer text is weighed. Up to here a parser is done in milliseconds, whatever it gets. */
export const weighedLength = 2 ** 18;

/** Characters of a part: some milliseconds of work. */
export const partLength = 2 ** 20;

/**
 * What a value costs is counted in elements of an array, which take V8 50 ns and 20 bytes each; an array or object takes
 * 4 times that.
 */
export const containerWeight = 4;

/** Between two steps of a long text, so that it keeps other requests from no more than one of them at a time. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => void setImmediate(resolve));
}
