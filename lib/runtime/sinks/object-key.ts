import { safeId } from './safe-id.ts';

/** Keys under which an object of a record lies; an identifier that is no plain name becomes its hash. */
export function objectKey(id: string, prefix: string): string {
  return `${prefix}${safeId(id)}.json`;
}
