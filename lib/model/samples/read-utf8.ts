import { createReadStream } from 'node:fs';
import { ColdpressError } from '../../errors.ts';
import { notUtf8 } from '../../text-bytes.ts';

/**
 * Reads a text in parts, without a byte order mark. Other encodings are refused: a category would become another one.
 * @throws ColdpressError SAMPLES_INVALID
 */
export async function* readUtf8(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw invalid(path, { ...notUtf8, cause });
    }
  };
  let isFirst = true;
  for await (const bytes of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    if (isFirst) {
      checkStart(bytes, path);
      isFirst = false;
    }
    yield decode(bytes);
  }
  yield decode();
}

/** Excel saves workbooks and UTF-16 more readily than CSV in UTF-8; neither is text without NUL characters. */
function checkStart(start: Buffer, path: string): void {
  if (!start.includes(0)) {
    return;
  }
  throw invalid(
    path,
    start.toString('latin1', 0, 2) === 'PK'
      ? {
          problem: 'is an Excel workbook or another zip archive',
          hint: 'in Excel, save it as "CSV UTF-8 (comma delimited)"',
        }
      : {
          problem: 'is not UTF-8 text, perhaps UTF-16',
          hint: 'save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE',
        },
  );
}

function invalid(
  path: string,
  { problem, hint, cause }: { problem: string; hint: string; cause?: unknown },
): ColdpressError {
  return new ColdpressError('SAMPLES_INVALID', `${path} ${problem}`, { hint, cause });
}
