import { mkdir, rm } from 'node:fs/promises';
import { makeTemporaryFolder } from '../../temporary-folder.ts';
import { resolveExternalData } from '../external-data.ts';
import { readBooster } from '../formats/read-booster.ts';
import { readOutline } from '../read.ts';
import { learnBounds } from '../sizes/learn-bounds.ts';
import { answerCompiled } from './answer-compiled.ts';
import { answerModel } from './answer-model.ts';
import { type Compilation, compiledModel, compileProven } from './compile.ts';
import type { CompileOptions } from './compile-options.ts';
import type { IdleEngines } from './engine-process.ts';
import { limitsFor } from './limits.ts';
import { pressBooster } from './press-booster.ts';
import { pressNative } from './press-native.ts';
import type { PressOptions, PressReport } from './press-options.ts';
import { smallestInputs } from './prove-served.ts';
import { closeIdle } from './shared-engine.ts';
import { writePressed } from './write-pressed.ts';

/**
 * Presses a model: rewrites what the Node binding cannot pass, optimises the graph ahead of time, stores the weights
 * so that they can be mapped, and proves that the answers are unchanged.
 * @returns the report; the pressed model is in `outDir`, ready for `openModel`
 * @throws ColdpressError if the file is not a model, has unsafe external data, or makes the engine refuse or crash
 */
export async function pressModel(path: string, options: PressOptions): Promise<PressReport> {
  const { outDir, onProgress = () => {}, signal } = options;
  onProgress('reading the model');
  const booster = await readBooster(path);
  if (booster !== undefined) {
    return pressBooster(booster, options);
  }
  // The weights stay on disk because the engine, which runs next to this process, needs the memory.
  const model = await readOutline(path);
  const external = await resolveExternalData(model);
  const sizeBytes = external.reduce((sum, file) => sum + file.sizeBytes, model.bytes.length);
  const idle: IdleEngines = { left: new Map() };
  const limits = { ...limitsFor(sizeBytes, model), signal, idle };
  const work = await makeTemporaryFolder({ purpose: 'press' });
  try {
    await mkdir(outDir, { recursive: true });
    onProgress('running the model');
    const found = { path, model, external, sizeBytes, outDir, limits };
    const { samples, engine } = options;
    const answered = await answerModel(model, { external, work, samples, limits }).catch(refusal =>
      answerCompiled(refusal, { ...found, samples, engine }),
    );
    if ('proof' in answered) {
      return await writePressed({ ...found, ...answered, opened: compiledModel, answered });
    }
    const { reference, rewriting, source, learnt, vectors, refusal, repeats } = answered;
    const { env } = reference;
    const pressing = { ...options, ...found, source, env, vectors, refusal, repeats, work };
    const compilation = await compile({ ...pressing, reference, signature: learnt.signature });
    const opened = compilation?.kind === 'compiled' ? compiledModel : await pressNative(pressing);
    // An engine that was aborted looks like one that rejected the optimised graph.
    signal?.throwIfAborted();
    onProgress('running the pressed model');
    const base = smallestInputs(vectors);
    const { signature } = learnt;
    const bounds =
      base && (await learnBounds(reference, { model: rewriting.model, signature, base, work, limits }));
    return await writePressed({
      ...found,
      opened,
      env,
      applied: rewriting.applied,
      answered,
      bounds,
      reference: vectors.length > 0 ? 'onnxruntime' : undefined,
      notCompiled: compilation?.kind === 'refused' ? compilation.error.message : undefined,
    });
  } catch (error) {
    // An engine that was aborted looks like one that crashed.
    signal?.throwIfAborted();
    throw error;
  } finally {
    closeIdle(idle);
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Multiply-adds per row, weighted like those of a matrix product, beyond which ONNX Runtime gives its first answer
 * sooner, including its start; docs/engines.md has the figures.
 */
const mostWork = 1e8;

/** @throws ColdpressError NOT_COMPILABLE if `engine` requires compiling */
async function compile({
  engine = 'auto',
  onProgress = () => {},
  ...pressing
}: PressOptions & CompileOptions & { path: string }): Promise<Compilation | undefined> {
  // Session options only exist for ONNX Runtime.
  const isTuned = pressing.tune !== undefined || pressing.session !== undefined;
  if (engine === 'onnxruntime' || (engine === 'auto' && isTuned)) {
    return undefined;
  }
  onProgress('compiling the model');
  const compilation = await compileProven(pressing.path, {
    ...pressing,
    ...(engine === 'auto' && { mostWork }),
  });
  if (compilation.kind === 'refused' && engine === 'compiled') {
    throw compilation.error;
  }
  return compilation;
}
