/**
 * A text is weighed before it is parsed, in one pass over its characters: otherwise values of two bytes each would
 * become objects of thirty times their size, after a second of work, before anything could check them. The pass takes
 * one turn of the event loop per part, so that a long text does not block other requests.
 */

/** Longer texts are weighed. Up to this length, parsing takes milliseconds whatever the content. */
export const weighedLength = 2 ** 18;

/** Characters per part: a few milliseconds of work. */
export const partLength = 2 ** 20;

/**
 * The unit of weight is an element of an array, which takes V8 50 ns and 20 bytes; an array or object takes 4 times
 * that.
 */
export const containerWeight = 4;

/** Waits between two steps of a long text, so that other requests wait for one step at most. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => void setImmediate(resolve));
}
