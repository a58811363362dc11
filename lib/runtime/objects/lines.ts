import { RequestError } from '../errors.ts';
import { fromLatin1, toLatin1 } from './latin1.ts';
import type { ObjectRecord } from './types.ts';

/** Reads the records of JSON Lines; empty lines are skipped. */
export async function* readJsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ObjectRecord> {
  let rest = '';
  for await (const text of toLatin1(bytes)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    yield* parseAll(lines);
  }
  yield* parseAll([rest]);
}

function* parseAll(lines: string[]): Generator<ObjectRecord> {
  for (const line of lines) {
    if (line.trim() !== '') {
      yield parseRecord(line);
    }
  }
}

/** @param latin1 - UTF-8 that was decoded as Latin-1 */
export function parseRecord(latin1: string): ObjectRecord {
  const text = fromLatin1(latin1);
  if (text === undefined) {
    return bad('not UTF-8', 'not UTF-8');
  }
  try {
    return { ok: true, record: JSON.parse(text) };
  } catch (cause) {
    return bad(`not JSON: ${(cause as Error).message}`);
  }
}

function bad(message: string, place?: string): ObjectRecord {
  return { ok: false, error: new RequestError(400, 'JSON', message, place) };
}
