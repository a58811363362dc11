import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GOLDEN_FILE, REPORT_FILE } from '../../contract/files.ts';
import { MANIFEST_FILE } from '../../contract/manifest.ts';
import type { GoldenChoice } from './golden.ts';
import type { PressReport } from './press-options.ts';

/** Writes the manifest, report and golden vector of a pressed model next to it. @returns the report */
export async function writeReport(
  outDir: string,
  report: PressReport,
  golden: GoldenChoice,
): Promise<PressReport> {
  await writeJson(join(outDir, MANIFEST_FILE), report.manifest);
  await writeJson(join(outDir, REPORT_FILE), report);
  if (golden.kept) {
    await writeJson(join(outDir, GOLDEN_FILE), golden.vector);
  }
  return report;
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value)}\n`);
}
