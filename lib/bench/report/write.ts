import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { causeOf } from '../../cause-of.ts';
import { ColdpressError } from '../../errors.ts';
import { isOwnPage } from '../../generator-mark.ts';
import { makeFolder } from '../../make-folder.ts';
import { checkOutputFile } from '../../output-file.ts';
import { writeWhole } from '../../write-whole.ts';
import type { Comparison } from '../compare.ts';
import type { BenchResult } from '../result.ts';
import { costsChart } from './charts/costs.ts';
import { distributionsChart } from './charts/distributions.ts';
import { drawSized, openDrawings } from './charts/draw.ts';
import { memoryChart } from './charts/memory.ts';
import { phasesChart } from './charts/phases.ts';
import { ratiosChart } from './charts/ratios.ts';
import { formatMarkdown } from './markdown.ts';
import { formatPage } from './page.ts';
import { formatSvg } from './svg.ts';

const names = {
  page: 'report.html',
  picture: 'phases.svg',
  markdown: 'report.md',
  data: 'bench.json',
} as const;

/** The files of a report, by name. */
export async function renderReport(
  result: BenchResult,
  comparison?: Comparison,
): Promise<Record<string, string>> {
  const drawings = await openDrawings();
  const first = drawSized(drawings, drawing => phasesChart(result, drawing));
  const others = [ratiosChart, distributionsChart, memoryChart, costsChart].flatMap(
    chart => drawSized(drawings, drawing => chart(result, drawing)) ?? [],
  );
  return {
    [names.page]: formatPage(result, [first, ...others], comparison),
    [names.picture]: formatSvg(result, first),
    [names.markdown]: formatMarkdown(result, { picture: names.picture, comparison }),
    [names.data]: `${JSON.stringify(result)}\n`,
  };
}

/**
 * Creates the folder and checks before anything is measured that it is writable, and that its files are those of an
 * earlier report.
 * @param inputs - files that the same command reads
 * @throws ColdpressError `REPORT_UNWRITABLE`, OPTION_CONFLICT, OUTPUT_EXISTS, OUTPUT_UNWRITABLE
 */
export async function prepareReport(dir: string, inputs: readonly (string | undefined)[]): Promise<void> {
  await orUnwritable(dir, makeFolder(dir));
  // With the trailing slash, this fails for a file of that name.
  await orUnwritable(dir, access(`${dir}/`, constants.W_OK | constants.X_OK));
  for (const name of Object.values(names)) {
    await checkOutputFile(join(dir, name), {
      option: '--report',
      inputs,
      isOwn: () => isOwnPage(join(dir, names.page)),
    });
  }
}

/** @throws ColdpressError `REPORT_UNWRITABLE` */
export async function writeReport(dir: string, result: BenchResult, comparison?: Comparison): Promise<void> {
  const files = await renderReport(result, comparison);
  for (const [name, text] of Object.entries(files)) {
    await orUnwritable(dir, writeWhole(join(dir, name), text));
  }
}

async function orUnwritable(dir: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    throw new ColdpressError('REPORT_UNWRITABLE', `cannot write the report to ${dir}: ${causeOf(cause)}`, {
      hint: 'Choose another folder with --report.',
      cause,
    });
  }
}
