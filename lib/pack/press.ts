import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { MANIFEST_FILE, type PressedManifest, parseManifest } from '../manifest.ts';
import { identifyModel } from '../model/identity.ts';
import { GOLDEN_FILE, MODEL_FILE, REPORT_FILE } from '../model/press/files.ts';
import { pressModel } from '../model/press/press.ts';
import { version } from '../version.ts';
import { cached } from './cache.ts';
import { onnxruntimeVersion } from './native/onnxruntime.ts';
import { type SourcedFile, sourcedFile } from './native/sourced-file.ts';
import type { Plan } from './plan.ts';

export interface PressedModel {
  manifest: PressedManifest;
  /** Paths are relative to the pressed folder. */
  files: SourcedFile[];
}

/** Presses the plan's model, or takes it from the cache: the same model, options and versions press the same. */
export async function pressOnce(plan: Plan, cacheDir: string, onProgress: (step: string) => void): Promise<PressedModel> {
  const identity = await identifyModel(plan.modelPath);
  const { dir } = await cached(
    cacheDir,
    { kind: 'pressed', identity, arch: plan.architecture, coldpress: version, onnxruntime: onnxruntimeVersion() },
    async outDir => {
      await pressModel(plan.modelPath, { outDir, arch: plan.architecture, onProgress });
    },
  );
  const manifest = parseManifest<PressedManifest>(readFileSync(join(dir, MANIFEST_FILE), 'utf8'));
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name !== MANIFEST_FILE && entry.name !== REPORT_FILE)
    .map(entry => relative(dir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const files = names.sort().map(name => sourcedFile(join(dir, name), { path: name, reason: reasonOf(name) }));
  return { manifest, files };
}

function reasonOf(name: string): string {
  switch (name) {
    case MODEL_FILE:
      return 'the pressed model';
    case GOLDEN_FILE:
      return 'an inference with its answer, for smoke tests';
    default:
      return 'weights, mapped into memory when the model is opened';
  }
}
