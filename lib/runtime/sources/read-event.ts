import { RequestError } from '../errors.ts';

/**
 * Reads the fields that a service puts in its event. Anyone who may invoke the function can send an event that only
 * looks like one, so a field may be missing or of another type.
 * @throws RequestError 400 EVENT; a RequestError of `read` is passed on
 */
export function readEvent<Read>(source: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (error instanceof RequestError) {
      throw error;
    }
    const message = `the event is not what ${source} sends: ${problemOf(error)}`;
    throw new RequestError(400, 'EVENT', message, message);
  }
}

/** Names the field that was read from an object that is missing. */
function problemOf(error: unknown): string {
  const [, field] = /\(reading '([\w.-]+)'\)/.exec((error as Error).message) ?? [];
  return field === undefined
    ? 'a field is missing or of another type'
    : `the object with the field "${field}" is missing`;
}
