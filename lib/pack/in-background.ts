/**
 * Starts work that runs alongside other work. Its failure is thrown when its result is awaited, not earlier.
 * @returns a function that awaits the result
 */
export function inBackground<T>(work: Promise<T>): () => Promise<T> {
  const settled = Promise.allSettled([work]);
  return async () => {
    const [result] = await settled;
    if (result.status === 'rejected') {
      throw result.reason;
    }
    return result.value;
  };
}
