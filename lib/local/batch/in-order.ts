/** Works on up to `most` items at once, and yields the results in the order of the items. */
export async function* inOrder<Item, Done>(
  items: AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<Done>,
): AsyncGenerator<{ item: Item; done: Done }> {
  const waiting: { item: Item; done: Promise<Done> }[] = [];
  async function next() {
    const { item, done } = waiting.shift()!;
    return { item, done: await done };
  }
  for await (const item of items) {
    const done = work(item);
    // A failure is thrown in the item's turn, not as an unhandled rejection.
    done.catch(() => {});
    waiting.push({ item, done });
    if (waiting.length >= most) {
      yield await next();
    }
  }
  while (waiting.length > 0) {
    yield await next();
  }
}
