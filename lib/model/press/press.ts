import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PROGRAM_FILE } from '../../contract/files.ts';
import { type PressedManifest, SCHEMA_VERSION } from '../../contract/manifest.ts';
import { hashFile } from '../../hash-file.ts';
import { onnxruntimeVersion } from '../../native/onnxruntime.ts';
import { makeTemporaryFolder } from '../../temporary-folder.ts';
import { version } from '../../version.ts';
import { resolveExternalData } from '../external-data.ts';
import { readBooster } from '../formats/read-booster.ts';
import { modelNameOf } from '../model-name.ts';
import { readOutline } from '../read.ts';
import { answerModel } from './answer-model.ts';
import { type Compilation, compileProven } from './compile.ts';
import type { CompileOptions } from './compile-options.ts';
import { chooseGolden } from './golden.ts';
import { limitsFor } from './limits.ts';
import { pressBooster } from './press-booster.ts';
import { type Opened, pressNative } from './press-native.ts';
import type { PressOptions, PressReport } from './press-options.ts';
import { proveServed } from './prove-served.ts';
import { writeReport } from './write-report.ts';

/**
 * Presses a model: rewrites what the Node binding cannot take or give, optimises the graph ahead of time, puts the
 * weights where they can be mapped, and proves that the answers stayed the same.
 * @returns the report; the pressed model lies in `outDir`, ready for `openModel`
 * @throws ColdpressError for what is not a model, has unsafe external data, or makes the engine refuse or die
 */
export async function pressModel(path: string, options: PressOptions): Promise<PressReport> {
  const { outDir, onProgress = () => {}, signal } = options;
  onProgress('reading the model');
  const booster = await readBooster(path);
  if (booster !== undefined) {
    return pressBooster(booster, options);
  }
  // The weights stay on disk: the engine, at work beside this process, needs the memory.
  const model = await readOutline(path);
  const external = await resolveExternalData(model);
  const sizeBytes = external.reduce((sum, file) => sum + file.sizeBytes, model.bytes.length);
  const limits = { ...limitsFor(sizeBytes, model), signal };
  const work = await makeTemporaryFolder({ purpose: 'press' });
  try {
    await mkdir(outDir, { recursive: true });
    onProgress('running the model');
    const answered = await answerModel(model, { external, work, samples: options.samples, limits });
    const { reference, rewriting, source, vectors, refusal, repeats } = answered;
    const { applied } = rewriting;
    const { env } = reference;
    const found = { model, source, external, sizeBytes, env, vectors, refusal, repeats };
    const pressing = { ...options, ...found, path, work, limits };
    const compilation = await compile({ ...pressing, reference, signature: answered.learnt.signature });
    const isCompiled = compilation?.kind === 'compiled';
    const { optimisation, tuning, ...opened } = isCompiled ? compiledModel : await pressNative(pressing);
    // An engine that was ended looks like one that refused the optimised graph.
    signal?.throwIfAborted();
    onProgress('running the pressed model');
    const served = {
      engine: opened.engine.name,
      path: join(outDir, opened.model.path),
      options: opened.model.session,
      env,
    };
    const { signature, rows } = await proveServed(served, answered, limits);
    signal?.throwIfAborted();
    const golden = chooseGolden(answered, signature);
    const manifest: PressedManifest = {
      schemaVersion: SCHEMA_VERSION,
      name: modelNameOf(basename(path)),
      versions: { coldpress: version, onnxruntime: onnxruntimeVersion() },
      engine: opened.engine,
      model: {
        sha256: await hashFile(path),
        sizeBytes,
        passes: applied.map(rewrite => rewrite.name),
        ...opened.model,
      },
      signature,
      rows,
      golden: golden.kept ? { kept: true } : golden,
      ...(answered.features === undefined ? {} : { features: answered.features }),
    };
    const report: PressReport = {
      manifest,
      rewrites: applied,
      ...(compilation?.kind === 'refused' && { notCompiled: compilation.error.message }),
      ...(optimisation && { optimisation }),
      ...(tuning && { tuning }),
    };
    return writeReport(outDir, report, golden);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Multiply-adds of a row beyond which ONNX Runtime is sooner done, its start included; docs/engines.md has the figures. */
const mostWork = 1e8;

const compiledModel: Opened = { engine: { name: 'compiled' }, model: { path: PROGRAM_FILE, session: {} } };

/** @throws ColdpressError NOT_COMPILABLE, where the model had to be compiled */
async function compile({
  engine = 'auto',
  onProgress = () => {},
  ...pressing
}: PressOptions & CompileOptions & { path: string }): Promise<Compilation | undefined> {
  // Session options are ONNX Runtime's.
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
