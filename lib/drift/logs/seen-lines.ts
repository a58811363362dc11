/** The lines that were read, to recognise those that were delivered again. */
export interface SeenLines {
  /** @returns whether it is new */
  add(id: string): boolean;
}

/** The lines of one instance: all from `first` to before `next`, and some others. */
interface Instance {
  first: number;
  next: number;
  others: Set<number>;
}

/**
 * Lines of counts have the id `INSTANCE.NUMBER`, and most arrive in their order, so memory grows with the number of
 * instances and not with that of lines. Other ids are kept one by one.
 */
export function seenLines(): SeenLines {
  const instances = new Map<string, Instance>();
  const ids = new Set<string>();
  return {
    add(id) {
      const [, name, digits] = /^([0-9a-f]+)\.(\d{1,15})$/.exec(id) ?? [];
      if (name === undefined) {
        return isNew(ids, id);
      }
      const number = Number(digits);
      const instance = instances.get(name);
      if (instance === undefined) {
        instances.set(name, { first: number, next: number + 1, others: new Set() });
        return true;
      }
      if (number >= instance.first && number < instance.next) {
        return false;
      }
      if (number !== instance.next) {
        return isNew(instance.others, number);
      }
      do {
        instance.next += 1;
      } while (instance.others.delete(instance.next));
      return true;
    },
  };
}

function isNew<T>(set: Set<T>, value: T): boolean {
  const isKnown = set.has(value);
  set.add(value);
  return !isKnown;
}
