import { join } from 'node:path';
import { datatypes } from '../../contract/datatypes.ts';
import { PROGRAM_FILE } from '../../contract/files.ts';
import type { SamplesProof, Signature } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';
import { findModelObstacles } from '../checks.ts';
import type { CompiledModel } from '../compile/compile.ts';
import { NotCovered } from '../compile/not-covered.ts';
import { EngineRefusedError } from '../engine-errors.ts';
import type { ExternalFile } from '../external-data.ts';
import type { Rewriting } from '../passes/index.ts';
import type { SamplesOptions } from '../samples/run.ts';
import { modelSignature, toManifestSignature } from '../signature.ts';
import { type Answered, answerWith } from './answer-model.ts';
import { compileWhole } from './compile.ts';
import type { EngineChoice } from './engine-choice.ts';
import type { EngineLimits } from './engine-process.ts';
import { openEngine } from './open-engine.ts';
import { writeCompiled } from './write-compiled.ts';

/** The answers of a model that only the compiled engine can run. */
export interface AnsweredCompiled extends Answered {
  applied: Rewriting['applied'];
  /** ONNX Runtime's message about it. */
  refused: string;
  proof: SamplesProof;
}

export interface AnswerCompiledOptions {
  path: string;
  external: ExternalFile[];
  /** Folder for the program and its weights. */
  outDir: string;
  samples: SamplesOptions | undefined;
  /** @default 'auto' */
  engine?: EngineChoice | undefined;
  limits: EngineLimits;
}

/**
 * Compiles a model that ONNX Runtime cannot run, and runs it. There is no other engine to compare with, so the samples
 * must contain expected values of every output.
 * @param error - the failure in ONNX Runtime; rethrown if it is not a refusal, or if nothing else runs the model
 * @throws ColdpressError SAMPLES_UNPROVEN, SAMPLES_DIFFER
 */
export async function answerCompiled(
  error: unknown,
  { path, external, outDir, samples, engine = 'auto', limits }: AnswerCompiledOptions,
): Promise<AnsweredCompiled> {
  if (!(error instanceof EngineRefusedError) || engine === 'onnxruntime') {
    throw error;
  }
  const compiled = await compileRefused(error, { path, external, engine, limits });
  if (samples === undefined) {
    throw wouldCompile(error);
  }
  const { rewriting } = compiled;
  await writeCompiled(compiled, outDir);
  const running = openEngine(
    { engine: 'compiled', path: join(outDir, PROGRAM_FILE), options: {}, env: {} },
    limits,
  );
  try {
    const signature = signatureOf(compiled);
    const { model } = rewriting;
    const answered = await answerWith(running, { model, signature, inferred: new Map(), samples });
    const { checked, learnt } = answered;
    const unproven = learnt.signature.outputs.find(
      ({ name, engineName = name }) => !checked?.expected.includes(engineName),
    );
    if (error.code === 'SAMPLES_INVALID' && unproven !== undefined) {
      throw error;
    }
    if (unproven !== undefined || checked === undefined) {
      throw new ColdpressError(
        'SAMPLES_UNPROVEN',
        `${samples.path} expects no value of output "${unproven?.name}"`,
        {
          hint: `${error.message}: only expected values of every output prove what coldpress computes instead; docs/samples.md says how to write them`,
        },
      );
    }
    return {
      ...answered,
      applied: rewriting.applied,
      refused: error.message,
      proof: { by: 'samples', rows: checked.rows },
    };
  } catch (failure) {
    // Neither engine can run the samples.
    throw failure instanceof EngineRefusedError ? error : failure;
  } finally {
    running.close();
  }
}

/** Adds to a refusal the hint that samples would prove the compiled engine's answers. */
export function wouldCompile(refusal: EngineRefusedError): EngineRefusedError {
  return new EngineRefusedError(refusal.code, refusal.message, {
    hint: 'samples with expected outputs prove what coldpress computes without it: npx coldpress pack MODEL --samples FILE (docs/samples.md)',
    cause: refusal,
  });
}

/**
 * @throws the refusal, if the model cannot be compiled and `engine` does not require it; or the first obstacle that
 * does not come from ONNX Runtime
 */
export async function compileRefused(
  refusal: EngineRefusedError,
  { path, external, engine, limits }: Pick<AnswerCompiledOptions, 'path' | 'external' | 'engine' | 'limits'>,
): Promise<CompiledModel & { rewriting: Rewriting }> {
  try {
    const compiled = await compileWhole(path, { external, limits });
    const [obstacle] = findModelObstacles(compiled.rewriting.model);
    if (obstacle !== undefined) {
      throw obstacle;
    }
    return compiled;
  } catch (failure) {
    throw failure instanceof NotCovered && engine !== 'compiled' ? refusal : failure;
  }
}

/** Returns the declared signature, with the output types that kernels return. */
function signatureOf({ rewriting, outputTypes }: CompiledModel & { rewriting: Rewriting }): Signature {
  const { signature } = toManifestSignature(modelSignature(rewriting.model), rewriting);
  const typed = signature.outputs.map((spec, index) => {
    const datatype = Object.entries(datatypes).find(([, { engine }]) => engine === outputTypes[index])?.[0];
    return datatype === undefined ? spec : { ...spec, datatype: datatype as typeof spec.datatype };
  });
  return { ...signature, outputs: typed };
}
