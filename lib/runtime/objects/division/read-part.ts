import { RequestError } from '../../errors.ts';
import type { StoredObject } from '../types.ts';
import { findRecordStart } from './record-start.ts';
import { openWalk } from './record-walk.ts';
import type { Header, LineFormat, Part } from './types.ts';

/**
 * Reads the records of a part, after the header of CSV. Every part proves that its last record ends where the next part
 * begins. The first part begins correctly, so if all parts of an object succeed, each record is in exactly one of them.
 * @throws RequestError PARTS if the next part would begin inside a record
 */
export async function* readPart(
  object: StoredObject,
  { part, format, header }: { part: Part; format: LineFormat; header: Header | undefined },
): AsyncGenerator<Uint8Array> {
  const { sizeBytes, range } = object;
  const startAt = (position: number) => findRecordStart(range, { position, sizeBytes, format, header });
  let end = await startAt(part.start);
  if (part.start > 0 && header !== undefined) {
    yield header.bytes;
  }
  if (end < part.end) {
    const walk = openWalk(format);
    let position = end;
    end = sizeBytes;
    for await (const chunk of object.stream(position)) {
      let next = walk.next(chunk, 0);
      while (next !== -1 && position + next < part.end) {
        next = walk.next(chunk, next);
      }
      if (next !== -1) {
        end = position + next;
        yield chunk.subarray(0, next);
        break;
      }
      position += chunk.length;
      yield chunk;
    }
  }
  if (end !== (await startAt(part.end))) {
    throw new RequestError(
      422,
      'PARTS',
      `a quoted line break near byte ${part.end} looks like the end of a row; set COLDPRESS_JOB_PART_BYTES=0 to score whole objects`,
    );
  }
}
