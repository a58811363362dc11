import { basename, join } from 'node:path';
import { type PressedManifest, SCHEMA_VERSION } from '../../contract/manifest.ts';
import { hashFile } from '../../hash-file.ts';
import { onnxruntimeVersion } from '../../native/onnxruntime.ts';
import { version } from '../../version.ts';
import { modelNameOf } from '../model-name.ts';
import type { Rewriting } from '../passes/index.ts';
import type { CheckedSamples } from '../samples/run.ts';
import type { Answered } from './answer-model.ts';
import type { EngineLimits } from './engine-process.ts';
import { chooseGolden } from './golden.ts';
import type { Opened } from './press-native.ts';
import type { PressReport } from './press-options.ts';
import { proveServed } from './prove-served.ts';
import { writeReport } from './write-report.ts';

/** A model that is ready to be opened from `outDir`. */
export interface Pressed {
  /** Path of the original model. */
  path: string;
  sizeBytes: number;
  outDir: string;
  opened: Opened;
  /** Environment variables that the engine must see. @default none */
  env?: Record<string, string>;
  applied: Rewriting['applied'];
  answered: Answered;
  /** Bounds of sizes, if they were learnt. */
  bounds?: PressedManifest['bounds'] | undefined;
  /** Set if its answers were only compared with samples. */
  proof?: PressedManifest['proof'];
  /** Set if its answers were compared with those of ONNX Runtime. */
  reference?: PressReport['reference'] | undefined;
  notCompiled?: string | undefined;
  /** Why ONNX Runtime cannot run it, if so. */
  refused?: string;
  limits: EngineLimits;
}

/** Runs the pressed model as the function opens it, and writes manifest and report next to it. @returns the report */
export async function writePressed({
  path,
  sizeBytes,
  outDir,
  opened: { engine, model, optimisation, tuning },
  env = {},
  applied,
  answered,
  bounds,
  proof,
  reference,
  notCompiled,
  refused,
  limits,
}: Pressed): Promise<PressReport> {
  const served = { engine: engine.name, path: join(outDir, model.path), options: model.session, env };
  const { signature, rows } = await proveServed(served, answered, limits);
  limits.signal?.throwIfAborted();
  const golden = chooseGolden(answered, signature);
  const manifest: PressedManifest = {
    schemaVersion: SCHEMA_VERSION,
    name: modelNameOf(basename(path)),
    versions: { coldpress: version, onnxruntime: onnxruntimeVersion() },
    engine,
    ...(proof && { proof }),
    model: {
      sha256: await hashFile(path),
      sizeBytes,
      passes: applied.map(rewrite => rewrite.name),
      ...model,
    },
    signature,
    rows,
    ...(bounds && { bounds }),
    golden: golden.kept ? { kept: true } : golden,
    ...(answered.features === undefined ? {} : { features: answered.features }),
  };
  const report: PressReport = {
    manifest,
    rewrites: applied,
    ...(reference && { reference }),
    ...(answered.vectors.length === 0 && { unanswered: answered.refusal }),
    ...(notCompiled !== undefined && { notCompiled }),
    ...(refused !== undefined && { refused }),
    ...(answered.checked !== undefined &&
      answered.checked.expected.length > 0 && { samples: summarise(answered.checked) }),
    ...(optimisation && { optimisation }),
    ...(tuning && { tuning }),
  };
  return writeReport(outDir, report, golden);
}

/** Keeps only the file name, because a pressed model may be cached for any folder. */
function summarise({ path, agreement }: CheckedSamples): NonNullable<PressReport['samples']> {
  return { path: basename(path), agreement };
}
