import { RequestError } from '../errors.ts';
import { toLatin1 } from './latin1.ts';
import { parseRecord } from './lines.ts';
import type { ObjectRecord } from './types.ts';

/**
 * Reads the records of a JSON document: one record, or the elements of an array. Each element is parsed as soon as it
 * ends, so that the array is never whole in memory.
 */
export async function* readJson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ObjectRecord> {
  const splitter = createSplitter();
  for await (const text of toLatin1(bytes)) {
    yield* splitter.push(text);
  }
  yield* splitter.end();
}

/** Splits the text of an array at the commas between its elements. */
function createSplitter() {
  let isArray: boolean | undefined;
  let element = '';
  let depth = 0;
  let inString = false;
  let escaped = false;
  let isClosed = false;

  function* push(text: string): Generator<ObjectRecord> {
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const char = text[i]!;
      if (isArray === undefined && char.trim() !== '') {
        isArray = char === '[';
        start = isArray ? i + 1 : i;
        if (isArray) {
          continue;
        }
      }
      if (isArray !== true || isClosed) {
        continue;
      }
      if (inString) {
        inString = escaped || char !== '"';
        escaped = char === '\\' && !escaped;
      } else if (char === '"') {
        inString = true;
      } else if (char === '[' || char === '{') {
        depth += 1;
      } else if (depth === 0 && (char === ',' || char === ']')) {
        element += text.slice(start, i);
        start = i + 1;
        isClosed = char === ']';
        // Only an empty array ends without an element.
        if (!isClosed || element.trim() !== '') {
          yield parseRecord(element);
        }
        element = '';
      } else if (char === ']' || char === '}') {
        depth -= 1;
      }
    }
    element += text.slice(start);
  }

  function* end(): Generator<ObjectRecord> {
    if (isArray !== true) {
      yield parseRecord(element);
    } else if (!isClosed || element.trim() !== '') {
      throw new RequestError(
        400,
        'JSON',
        'the object is not JSON: its array is not closed, or is not all of it',
      );
    }
  }

  return { push, end };
}
