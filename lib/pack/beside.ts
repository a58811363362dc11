/**
 * Work that goes on while other work does: its failure is thrown where its result is wanted, and not before.
 * @returns what awaits the result
 */
export function beside<T>(work: Promise<T>): () => Promise<T> {
  const settled = Promise.allSettled([work]);
  return async () => {
    const [result] = await settled;
    if (result.status === 'rejected') {
      throw result.reason;
    }
    return result.value;
  };
}
