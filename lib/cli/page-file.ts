import { causeOf } from '../cause-of.ts';
import { ColdpressError } from '../errors.ts';
import { isOwnPage } from '../generator-mark.ts';
import { checkOutputFile } from '../output-file.ts';
import { writeWhole } from '../write-whole.ts';

/**
 * Checks the file of `--html` before the work begins. It may replace an earlier page, and nothing else.
 * @param inputs - files that the same command reads
 * @throws ColdpressError OUTPUT_UNWRITABLE, OPTION_CONFLICT, OUTPUT_EXISTS
 */
export async function checkPageFile(
  path: string | undefined,
  inputs: readonly (string | undefined)[],
): Promise<void> {
  if (path !== undefined) {
    await checkOutputFile(path, { option: '--html', inputs, isOwn: () => isOwnPage(path) });
  }
}

/** @throws ColdpressError REPORT_UNWRITABLE */
export async function writePage(path: string, page: string): Promise<void> {
  try {
    await writeWhole(path, page);
  } catch (cause) {
    throw new ColdpressError('REPORT_UNWRITABLE', `cannot write ${path}: ${causeOf(cause)}`, {
      hint: 'choose another file with --html',
      cause,
    });
  }
}
