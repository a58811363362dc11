import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRAM_FILE } from '../../contract/files.ts';
import { ColdpressError } from '../../errors.ts';
import { compileBooster } from '../formats/compile.ts';
import { boosterCause } from '../formats/differing-samples.ts';
import { madeUpRows } from '../formats/made-up-rows.ts';
import type { BoosterFile } from '../formats/read-booster.ts';
import { signatureOf } from '../formats/signature.ts';
import { type CheckedSamples, runSamples } from '../samples/run.ts';
import { plainName } from '../samples/table.ts';
import { compiledModel } from './compile.ts';
import { expectAnswer } from './engine-process.ts';
import { limitsFor } from './limits.ts';
import { openEngine } from './open-engine.ts';
import type { PressOptions, PressReport } from './press-options.ts';
import { seed, type Vector } from './prove.ts';
import { writeCompiled } from './write-compiled.ts';
import { writePressed } from './write-pressed.ts';

/** Number of made-up vectors, each with several rows. */
const vectorCount = 4;

/**
 * Presses a booster: compiles it, and runs it on samples and on rows made up from its own branches. There is no other
 * engine to compare with; samples with expected outputs prove that the answers are the library's.
 * @throws ColdpressError ENGINE_NEEDS_ONNX, and SAMPLES_DIFFER if samples differ
 */
export async function pressBooster(
  { path, sizeBytes, booster }: BoosterFile,
  { outDir, engine: choice, samples: sampleOptions, onProgress = () => {}, signal }: PressOptions,
): Promise<PressReport> {
  if (choice === 'onnxruntime') {
    throw new ColdpressError('ENGINE_NEEDS_ONNX', `ONNX Runtime does not run ${path}`, {
      hint: 'leave "engine" out: boosters are compiled',
    });
  }
  onProgress('compiling the model');
  await mkdir(outDir, { recursive: true });
  await writeCompiled(compileBooster(booster), outDir);
  onProgress('running the model');
  const limits = { ...limitsFor(sizeBytes), signal };
  const served = { engine: 'compiled', path: join(outDir, PROGRAM_FILE), options: {}, env: {} } as const;
  const declared = signatureOf(booster);
  // Trees use one row at a time.
  const learnt = { signature: declared, rows: { independent: true } as const };
  const engine = openEngine(served, limits);
  const features = booster.features.map(({ name }) => name);
  const vectors: Vector[] = [];
  let checked: CheckedSamples | undefined;
  let columns: string[] | undefined;
  try {
    const outputs = declared.outputs.flatMap(({ name, onRequest }) => (onRequest ? [] : name));
    for (let index = 0; index < vectorCount; index++) {
      const inputs = madeUpRows(booster, declared.inputs, seed + index);
      const answer = expectAnswer(await engine.run(inputs, outputs), 'run the model');
      vectors.push({ inputs, outputs: answer.tensors });
    }
    const samples = await runSamples(engine, sampleOptions, {
      learnt,
      causeOf: boosterCause(booster),
      features,
    });
    vectors.unshift(...samples.vectors);
    columns = samples.features;
    checked = samples.checked?.expected.length === 0 ? undefined : samples.checked;
  } finally {
    engine.close();
  }
  signal?.throwIfAborted();
  return writePressed({
    path,
    sizeBytes,
    outDir,
    limits,
    opened: compiledModel,
    applied: [],
    answered: {
      vectors,
      learnt,
      repeats: true,
      refusal: '',
      ...(checked && { checked }),
      ...(declared.inputs[0]?.shape?.length === 2 && {
        features: namesOf(features, columns),
      }),
    },
    ...(checked && { proof: { by: 'samples', rows: checked.rows } }),
  });
}

/** LightGBM writes `_` in place of spaces and punctuation; callers have the names of the samples. */
function namesOf(features: readonly string[], columns: readonly string[] = []): string[] {
  const isSame = features.every((name, index) => plainName(name) === plainName(columns[index] ?? ''));
  return [...(isSame ? columns : features)];
}
