import { safeId } from './safe-id.ts';

/** Returns the key of a record's object; an identifier that is not a plain name becomes its hash. */
export function objectKey(id: string, prefix: string): string {
  return `${prefix}${safeId(id)}.json`;
}
