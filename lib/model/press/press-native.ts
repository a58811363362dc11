import { join } from 'node:path';
import { defaultTolerance } from '../../contract/defaults.ts';
import { MODEL_FILE } from '../../contract/files.ts';
import type { EngineSettings, PressedManifest, SessionOptions } from '../../contract/manifest.ts';
import type { ExternalFile } from '../external-data.ts';
import type { Model } from '../read.ts';
import type { EngineLimits } from './engine-process.ts';
import { neededWeights } from './needed-weights.ts';
import type { Openable } from './openable.ts';
import { type Optimisation, optimiseProven } from './optimise.ts';
import { optimiseRandom } from './optimise-random.ts';
import type { Vector } from './prove.ts';
import { staticSession, threadOptions } from './session-options.ts';
import { copyModel, type Staged } from './stage.ts';
import { type TuneMode, type Tuning, tuneSession } from './tune.ts';

/** The state of a model while it is pressed. */
export interface Pressing {
  outDir: string;
  tune?: TuneMode;
  session?: SessionOptions;
  onProgress?: (step: string) => void;
  /** Path of the original model. */
  path: string;
  model: Model;
  /** The rewritten model as ONNX Runtime opens it. */
  source: Staged;
  external: ExternalFile[];
  sizeBytes: number;
  env: Record<string, string>;
  vectors: Vector[];
  /** Whether it answers the same inputs the same way again. */
  repeats: boolean;
  /** A temporary folder, removed after pressing. */
  work: string;
  /** Why the last random inputs that were tried were not answered. */
  refusal: string;
  limits: EngineLimits;
}

/** The file that the engine opens, and how. */
export interface Opened {
  engine: EngineSettings;
  model: Pick<PressedManifest['model'], 'path' | 'session' | 'env' | 'readAhead'>;
  optimisation?: Optimisation;
  tuning?: Tuning | undefined;
}

/** Optimises the model for ONNX Runtime, and chooses its session options. */
export async function pressNative(pressing: Pressing): Promise<Opened> {
  const { model, source, sizeBytes, env, outDir, onProgress = () => {} } = pressing;
  onProgress('optimising the graph');
  const session = pressing.session ?? staticSession(model);
  const optimisation: Optimisation =
    model.format === 'ort'
      ? keptOrt
      : await (pressing.repeats ? optimiseProven : optimiseRandom)(
          { path: source.path, options: {}, env },
          { ...pressing, session, tolerance: defaultTolerance },
        );
  if (optimisation.kind === 'kept') {
    await copyModel(source, outDir);
  }
  const tuning = await tune(optimisation, pressing);
  const needed = await neededWeights(outDir);
  return {
    engine: { name: 'onnxruntime', native: 'host', path: 'onnxruntime-node' },
    model: {
      path: MODEL_FILE,
      session: { ...threadOptions(model, sizeBytes), ...(tuning?.session ?? optimisation.session) },
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(needed && { readAhead: needed }),
    },
    optimisation,
    tuning,
  };
}

/** Measures only optimised models, since others have no options to choose from, with the first vector. */
async function tune(
  optimisation: Optimisation,
  { tune: mode, session, outDir, env, vectors: [vector], limits, onProgress = () => {} }: Pressing,
): Promise<Tuning | undefined> {
  if (mode === undefined || session !== undefined || vector === undefined || optimisation.kind === 'kept') {
    return undefined;
  }
  const model: Openable = { path: join(outDir, MODEL_FILE), options: {}, env };
  return tuneSession(model, vector, { mode, limits, onProgress });
}

const keptOrt: Optimisation = {
  kind: 'kept',
  // ONNX Runtime recognises the format by the file name, which is the same for all pressed models.
  session: { extra: { session: { load_model_format: 'ORT' } } },
  reason: 'a model in ORT format is optimised when it is made, and cannot be rewritten',
};
