import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_FILE, WEIGHTS_FILE } from '../../contract/files.ts';
import type { SessionOptions } from '../../contract/manifest.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import { readModel } from '../read.ts';
import { writeModel } from '../write.ts';
import { describeFailure, type EngineLimits, type EngineResult } from './engine-process.ts';
import { guardFused } from './guard-fused.ts';
import type { Openable } from './openable.ts';
import { proveEqual, type Vector } from './prove.ts';
import { shareEngine } from './shared-engine.ts';
import { uniteInitializers } from './unique-initializers.ts';

/** Whether the graph was optimised ahead of time; if so, how the model is opened, and if not, why. */
export type Optimisation =
  | { kind: 'optimised'; session: SessionOptions }
  | { kind: 'kept'; session: SessionOptions; reason: string };

/** Smaller initializers stay in the graph, because each external one uses at least a page of the mapped file. */
const minExternalBytes = 1024;

export interface OptimiseOptions {
  /** Session options of the optimised model. */
  session: SessionOptions;
  vectors: Vector[];
  /** Why there are no vectors, if so. */
  refusal: string;
  outDir: string;
  tolerance: Tolerance;
  limits: EngineLimits;
}

/**
 * Optimises the graph into `outDir` and proves that it gives the reference's answers. If it does not, the output is
 * removed and the reason is reported.
 */
export async function optimiseProven(reference: Openable, options: OptimiseOptions): Promise<Optimisation> {
  const { vectors, refusal } = options;
  return vectors.length === 0
    ? kept(`nothing could be proven: ${refusal}`)
    : optimise(reference, options, candidate => proveEqual(candidate, vectors, options));
}

/**
 * Optimises the graph into `outDir`.
 * @param findFault - returns why the optimised model must be discarded, if so (default: no check)
 */
export async function optimise(
  reference: Openable,
  { session, outDir, limits }: OptimiseOptions,
  findFault: (candidate: Openable) => Promise<string | undefined> = async () => undefined,
): Promise<Optimisation> {
  const written = await writeOptimised(reference, outDir, limits);
  const path = join(outDir, MODEL_FILE);
  if (written.kind === 'answered') {
    await repairOptimised(path);
  }
  const fault =
    written.kind === 'answered'
      ? await findFault({ path, options: session, env: reference.env })
      : describeFailure(written);
  if (fault === undefined) {
    return { kind: 'optimised', session };
  }
  await rm(path, { force: true });
  await rm(join(outDir, WEIGHTS_FILE), { force: true });
  return kept(fault);
}

/** Repairs models that ONNX Runtime writes but cannot open, and guards fused operators that a request could misuse. */
async function repairOptimised(path: string): Promise<void> {
  const model = await readModel(path);
  if (model.format === 'onnx' && [uniteInitializers(model.proto), guardFused(model.proto)].includes(true)) {
    await writeModel(model, path);
  }
}

/** A kept model is optimised whenever it is opened; these fusions are off because they could not be guarded then. */
const unguarded = { disable_specified_optimizers: 'MatmulTransposeFusion;MatMulScaleFusion' };

function kept(reason: string): Optimisation {
  return { kind: 'kept', session: { extra: { optimization: unguarded } }, reason };
}

/**
 * Makes ONNX Runtime write the optimised graph, with weights in a separate file that is mapped when the model is
 * opened. The level is `extended`, because `all` would fix the block size of this machine's vector unit.
 */
async function writeOptimised(model: Openable, outDir: string, limits: EngineLimits): Promise<EngineResult> {
  const engine = shareEngine(limits, model);
  try {
    return await engine.request({
      op: 'open',
      path: model.path,
      options: {
        graphOptimizationLevel: 'extended',
        optimizedModelFilePath: join(outDir, MODEL_FILE),
        extra: {
          session: {
            // Nothing is computed here, and repacked weights would need as much memory again.
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
