import { RequestError } from '../errors.ts';

/** A record of an object, or why it is none. */
export type ObjectRecord = { ok: true; record: unknown } | { ok: false; error: RequestError };

/** The records of JSON Lines; empty lines are none. */
export async function* readJsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ObjectRecord> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* parseAll(lines);
  }
  yield* parseAll([rest + decoder.decode()]);
}

function* parseAll(lines: string[]): Generator<ObjectRecord> {
  for (const line of lines) {
    if (line.trim() !== '') {
      yield parseRecord(line);
    }
  }
}

export function parseRecord(text: string): ObjectRecord {
  try {
    return { ok: true, record: JSON.parse(text) };
  } catch (cause) {
    return { ok: false, error: new RequestError(400, 'JSON', `not JSON: ${(cause as Error).message}`) };
  }
}
