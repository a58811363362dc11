import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_FILE, WEIGHTS_FILE } from '../../contract/files.ts';
import type { SessionOptions } from '../../contract/manifest.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import { describeFailure, type EngineLimits, type EngineResult, startEngine } from './engine-process.ts';
import type { Openable } from './openable.ts';
import { proveEqual, type Vector } from './prove.ts';

/** Whether the graph was optimised ahead of time, how the model is opened then, and why not if not. */
export type Optimisation =
  | { kind: 'optimised'; session: SessionOptions }
  | { kind: 'kept'; session: SessionOptions; reason: string };

/** Smaller initializers stay in the graph: a page of a mapped file is not worth having for less. */
const minExternalBytes = 1024;

/**
 * Optimises the graph into `outDir` and proves that it gives the reference's answers. Where it does not, nothing of
 * it stays, and the reason is told.
 * @param session - how the optimised model is opened
 */
export async function optimiseProven(
  reference: Openable,
  {
    session,
    vectors,
    refusal,
    outDir,
    tolerance,
    limits,
  }: {
    session: SessionOptions;
    vectors: Vector[];
    refusal: string;
    outDir: string;
    tolerance: Tolerance;
    limits: EngineLimits;
  },
): Promise<Optimisation> {
  const kept = (reason: string): Optimisation => ({ kind: 'kept', session: {}, reason });
  if (vectors.length === 0) {
    return kept(`no random inputs were answered, so nothing could be proven: ${refusal}`);
  }
  const written = await writeOptimised(reference, outDir, limits);
  const path = join(outDir, MODEL_FILE);
  const candidate = { path, options: session, env: reference.env };
  const failure =
    written.kind === 'answered'
      ? await proveEqual(candidate, vectors, { tolerance, limits })
      : describeFailure(written);
  if (failure === undefined) {
    return { kind: 'optimised', session };
  }
  await rm(path, { force: true });
  await rm(join(outDir, WEIGHTS_FILE), { force: true });
  return kept(failure);
}

/**
 * Has ONNX Runtime write the optimised graph, weights in a file of their own that is mapped when the model is opened.
 * The level is `extended`: `all` would bake in the block size of this machine's vector unit.
 */
async function writeOptimised(model: Openable, outDir: string, limits: EngineLimits): Promise<EngineResult> {
  const engine = startEngine(limits, model.env);
  try {
    return await engine.request({
      op: 'open',
      path: model.path,
      options: {
        graphOptimizationLevel: 'extended',
        optimizedModelFilePath: join(outDir, MODEL_FILE),
        extra: {
          session: {
            // Nothing is computed here; repacked weights would take as much memory again.
            disable_prepacking: '1',
            optimized_model_external_initializers_file_name: WEIGHTS_FILE,
            optimized_model_external_initializers_min_size_in_bytes: String(minExternalBytes),
          },
        },
      },
    });
  } finally {
    engine.close();
  }
}
