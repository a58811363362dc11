import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { defaultTolerance } from '../../contract/defaults.ts';
import { GOLDEN_FILE, PROGRAM_FILE, REPORT_FILE } from '../../contract/files.ts';
import {
  type Architecture,
  MANIFEST_FILE,
  type PressedManifest,
  SCHEMA_VERSION,
  type SessionOptions,
} from '../../contract/manifest.ts';
import { onnxruntimeVersion } from '../../native/onnxruntime.ts';
import { makeTemporaryFolder } from '../../temporary-folder.ts';
import { version } from '../../version.ts';
import { resolveExternalData } from '../external-data.ts';
import { hashFile } from '../hash.ts';
import { readOutline } from '../read.ts';
import { runSamples, type SamplesOptions } from '../samples/run.ts';
import { type Compilation, compileProven } from './compile.ts';
import type { EngineChoice } from './engine-choice.ts';
import { makeGolden } from './golden.ts';
import { limitsFor } from './limits.ts';
import { openReference } from './open-reference.ts';
import type { Optimisation } from './optimise.ts';
import { type Opened, type Pressing, pressNative } from './press-native.ts';
import { answerRandomly } from './prove.ts';
import type { TuneMode, Tuning } from './tune.ts';

export interface PressOptions {
  /** An empty folder, or one that does not exist. */
  outDir: string;
  /** The CPU that the pressed model is for. */
  arch: Architecture;
  /**
   * Real inputs, as CSV, JSON Lines or NPZ: they are proven too, expected outputs among them are compared with, and
   * their columns name the features. See docs/samples.md.
   * @default none
   */
  samples?: SamplesOptions;
  /**
   * Chooses the session options by measurement, on this machine: for the first answer, the ones after it, or both.
   * @default a choice by the kind of model, without measuring
   */
  tune?: TuneMode;
  /**
   * What computes the model.
   * @default 'onnxruntime'
   */
  engine?: EngineChoice;
  /** Session options that an earlier tuning chose; nothing is measured then. */
  session?: SessionOptions;
  /** Told the name of each step as it begins. */
  onProgress?: (step: string) => void;
  /** Aborting it ends the pressing with its reason. @default never */
  signal?: AbortSignal | undefined;
}

/** What pressing did and saw. */
export interface PressReport {
  manifest: PressedManifest;
  rewrites: { name: string; reason: string }[];
  /** Why the model was not compiled, where that was to be tried. */
  notCompiled?: string;
  /** Of a model for ONNX Runtime. */
  optimisation?: Optimisation;
  /** What was tried, where the session options were chosen by measurement. */
  tuning?: Tuning;
}

/** Of the generator of random inputs: any number does, as long as it stays. */
const seed = 1;
const tolerance = defaultTolerance;

/**
 * Presses a model: rewrites what the Node binding cannot take or give, optimises the graph ahead of time, puts the
 * weights where they can be mapped, and proves that the answers stayed the same.
 * @returns the report; the pressed model lies in `outDir`, ready for `openModel`
 * @throws ColdpressError for what is not a model, has unsafe external data, or makes the engine refuse or die
 */
export async function pressModel(path: string, options: PressOptions): Promise<PressReport> {
  const { outDir, onProgress = () => {}, signal } = options;
  onProgress('reading the model');
  // The weights stay on disk: the engine, at work beside this process, needs the memory.
  const model = await readOutline(path);
  const external = await resolveExternalData(model);
  const sizeBytes = external.reduce((sum, file) => sum + file.sizeBytes, model.bytes.length);
  const limits = { ...limitsFor(sizeBytes, model), signal };
  const work = await makeTemporaryFolder({ purpose: 'press' });
  try {
    await mkdir(outDir, { recursive: true });
    onProgress('opening the model');
    const { rewriting, signature, source, running, ...reference } = await openReference(model, {
      external,
      work,
      limits,
    });
    const { env } = reference;
    const { applied } = rewriting;
    onProgress('running the model');
    const answers = await answerRandomly(running, { signature, seed });
    const samples = await runSamples(options.samples, { reference, signature, tolerance, limits });
    const vectors = [...samples.vectors, ...answers.vectors];
    const { refusal } = answers;
    const pressing = { ...options, path, model, source, external, sizeBytes, env, vectors, refusal, limits };
    const compilation = await compile(pressing);
    const isCompiled = compilation?.kind === 'compiled';
    const { optimisation, tuning, ...opened } = isCompiled ? compiledModel : await pressNative(pressing);
    // An engine that was ended looks like one that refused the optimised graph.
    signal?.throwIfAborted();
    const manifest: PressedManifest = {
      schemaVersion: SCHEMA_VERSION,
      name: basename(path).replace(/\.(onnx|ort)$/, ''),
      versions: { coldpress: version, onnxruntime: onnxruntimeVersion() },
      engine: opened.engine,
      model: {
        sha256: await hashFile(path),
        sizeBytes,
        passes: applied.map(rewrite => rewrite.name),
        ...opened.model,
      },
      signature,
      ...(samples.features === undefined ? {} : { features: samples.features }),
    };
    const report: PressReport = {
      manifest,
      rewrites: applied,
      ...(compilation?.kind === 'refused' && { notCompiled: compilation.error.message }),
      ...(optimisation && { optimisation }),
      ...(tuning && { tuning }),
    };
    const golden = vectors[0] && makeGolden(vectors[0], signature, { seed, tolerance });
    await writeJson(join(outDir, MANIFEST_FILE), manifest);
    await writeJson(join(outDir, REPORT_FILE), report);
    if (golden !== undefined) {
      await writeJson(join(outDir, GOLDEN_FILE), golden);
    }
    return report;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const compiledModel: Opened = { engine: { name: 'compiled' }, model: { path: PROGRAM_FILE, session: {} } };

/** @throws ColdpressError NOT_COMPILABLE, where the model had to be compiled */
async function compile({
  engine = 'onnxruntime',
  onProgress = () => {},
  ...pressing
}: Pressing & Pick<PressOptions, 'engine'>): Promise<Compilation | undefined> {
  if (engine === 'onnxruntime') {
    return undefined;
  }
  onProgress('compiling the model');
  const compilation = await compileProven(pressing.path, pressing);
  if (compilation.kind === 'refused' && engine === 'compiled') {
    throw compilation.error;
  }
  return compilation;
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value)}\n`);
}
