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
    const message = `the event is not what ${source} sends: a field is missing or of another type`;
    throw new RequestError(400, 'EVENT', message, message);
  }
}
