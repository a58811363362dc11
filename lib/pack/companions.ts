import { REPORT_FILE, SAMPLES_FILE, SOURCE_MAP_FILE, SOURCES_FILE } from '../contract/files.ts';
import type { Bundle } from './bundle.ts';
import type { Plan } from './plan.ts';
import type { PressedModel } from './press.ts';
import { sampleRecords } from './sample-records.ts';
import { describeSources } from './sources.ts';

/** The files of an artifact that are for people and tools and are not uploaded: contents by name. */
export async function companionFiles(
  plan: Plan,
  { pressed, bundle, sources }: { pressed: PressedModel; bundle: Bundle; sources: readonly string[] },
): Promise<Record<string, string | Uint8Array>> {
  const records = await sampleRecords(plan, pressed);
  const described = await describeSources(sources, {
    outDir: plan.outDir,
    known: { path: plan.modelPath, sha256: pressed.manifest.model.sha256 },
  });
  return {
    [SOURCE_MAP_FILE]: bundle.sourceMap,
    [REPORT_FILE]: pressed.report,
    [SOURCES_FILE]: JSON.stringify(described),
    ...(records !== undefined && { [SAMPLES_FILE]: JSON.stringify(records) }),
  };
}
