import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readPressed } from '../artifact.ts';
import { GOLDEN_FILE, MODEL_FILE, PROGRAM_FILE, REPORT_FILE } from '../contract/files.ts';
import { MANIFEST_FILE, type PressedManifest } from '../contract/manifest.ts';
import { usedKernels } from '../model/compile/used-kernels.ts';
import { identifyModel } from '../model/identity.ts';
import type { PressReport } from '../model/press/press-options.ts';
import { onnxruntimeVersion } from '../native/onnxruntime.ts';
import { type SourcedFile, sourcedFile } from '../native/sourced-file.ts';
import { explainSystemError } from '../system-error.ts';
import { cached } from './cache.ts';
import { CHECKSUMS_FILE } from './checksums.ts';
import { checkUnchanged } from './fetch.ts';
import { pressFingerprint } from './fingerprint.ts';
import type { Plan } from './plan.ts';
import { findTuned, keepTuned } from './tuned.ts';
import { readersOf, type UsedParts } from './used-plugin.ts';

export interface PressedModel {
  manifest: PressedManifest;
  /** Paths are relative to the pressed folder. */
  files: SourcedFile[];
  /** What was done and tried, as the JSON of a `PressReport`. */
  report: string;
  reference: PressReport['reference'];
  unanswered: string | undefined;
  notCompiled: string | undefined;
  refused: string | undefined;
  samples: PressReport['samples'];
}

/** Files of a pressed folder that are not copied into the function. */
const unlisted = [MANIFEST_FILE, REPORT_FILE, CHECKSUMS_FILE];

/** Presses the plan's model, or reads it from the cache: equal models, options and versions press equally. */
export async function pressOnce(
  plan: Plan,
  cacheDir: string,
  { onProgress, signal }: { onProgress: (step: string) => void; signal: AbortSignal | undefined },
): Promise<PressedModel> {
  const { modelPath, architecture: arch, samples, tune, engine } = plan;
  const identity = await identifyModel(modelPath);
  if (plan.sha256 !== undefined) {
    checkUnchanged(modelPath, { expected: plan.sha256, actual: identity.sha256 });
  }
  if (plan.signature !== undefined) {
    // Loaded only here, because few models are signed.
    const { verifyModelSignature } = await import('../verify/model-signature.ts');
    verifyModelSignature({ path: modelPath, ...identity }, plan.signature, new Date());
  }
  const session = await findTuned(plan, identity.sha256);
  const options = {
    arch,
    engine,
    ...(samples && { samples }),
    ...(session ? { session } : tune && { tune }),
  };
  const key = {
    kind: 'pressed',
    identity,
    options: { ...options, samples: samples && { ...samples, path: hashSamples(samples.path) } },
    onnxruntime: onnxruntimeVersion(),
    coldpress: pressFingerprint(),
  };
  const { dir } = await cached(cacheDir, key, async outDir => {
    // Loaded only now: pressing needs half of the modules, and a pack from the cache does not press.
    const { pressModel } = await import('../model/press/press.ts');
    const { manifest } = await pressModel(modelPath, { ...options, outDir, onProgress, signal });
    checkUnchanged(modelPath, { expected: identity.sha256, actual: manifest.model.sha256 });
  });
  const manifest = readPressed(dir);
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !unlisted.includes(entry.name))
    .map(entry => relative(dir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const files = names
    .sort()
    .map(name => sourcedFile(join(dir, name), { path: name, reason: reasonOf(name) }));
  const report = readFileSync(join(dir, REPORT_FILE), 'utf8');
  const { tuning, samples: proven, ...found } = JSON.parse(report) as PressReport;
  const { reference, unanswered, notCompiled, refused } = found;
  if (tuning !== undefined) {
    await keepTuned(plan, identity.sha256, tuning);
  }
  return { manifest, files, report, reference, unanswered, notCompiled, refused, samples: proven };
}

/** The parts of the runtime that a pressed model needs. */
export function usedBy({ manifest, files }: PressedModel): UsedParts {
  const program = files.find(file => file.path === PROGRAM_FILE);
  const kernels = program === undefined ? [] : usedKernels(JSON.parse(readFileSync(program.source, 'utf8')));
  return {
    engine: manifest.engine.name,
    kernels,
    readers: readersOf(manifest.signature),
    foresees: manifest.bounds?.outputs !== undefined,
  };
}

/** `undefined` if there is no such file; pressing reports it. */
function hashSamples(path: string): string | undefined {
  if (!existsSync(path)) {
    return undefined;
  }
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    // The error of reading a folder has no path.
    throw explainSystemError(error, path);
  }
}

function reasonOf(name: string): string {
  switch (name) {
    case MODEL_FILE:
      return 'the pressed model';
    case PROGRAM_FILE:
      return 'the compiled model: its steps';
    case GOLDEN_FILE:
      return 'an inference with its answer, for smoke tests';
    default:
      return 'weights, mapped or read into memory when the model is opened';
  }
}
