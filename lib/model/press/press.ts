import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Architecture, MANIFEST_FILE, type PressedManifest, type Signature } from '../../manifest.ts';
import { onnxruntimeVersion } from '../../native/onnxruntime.ts';
import { version } from '../../version.ts';
import { findObstacles } from '../checks.ts';
import { resolveExternalData } from '../external-data.ts';
import { hashModel } from '../inspect.ts';
import { type Rewriting, rewriteModel } from '../passes/index.ts';
import { readModel } from '../read.ts';
import { answerSamples, checkExpected } from '../samples/check.ts';
import { readSamples } from '../samples/samples.ts';
import { modelSignature, toManifestSignature } from '../signature.ts';
import type { Tolerance } from './compare.ts';
import type { EngineLimits } from './engine-process.ts';
import { GOLDEN_FILE, MODEL_FILE, REPORT_FILE } from './files.ts';
import { makeGolden } from './golden.ts';
import { type Optimisation, optimiseProven } from './optimise.ts';
import { answerRandomly, type Openable, type Vector } from './prove.ts';
import { copyModel, stageModel } from './stage.ts';

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
  /** Told the name of each step as it begins. */
  onProgress?: (step: string) => void;
}

export interface SamplesOptions {
  path: string;
  /** How far from the expected outputs the model's may lie. @default 1e-3 relative, 1e-5 absolute */
  tolerance?: Tolerance;
}

/** What pressing did and saw. */
export interface PressReport {
  manifest: PressedManifest;
  rewrites: { name: string; reason: string }[];
  optimisation: Optimisation;
}

/** Of the generator of random inputs: any number does, as long as it stays. */
const seed = 1;
const tolerance: Tolerance = { relative: 1e-3, absolute: 1e-5 };

/**
 * Presses a model: rewrites what the Node binding cannot take or give, optimises the graph ahead of time, puts the
 * weights where they can be mapped, and proves that the answers stayed the same.
 * @returns the report; the pressed model lies in `outDir`, ready for `openModel`
 * @throws ColdpressError for what is not a model, has unsafe external data, or makes the engine refuse or die
 */
export async function pressModel(path: string, options: PressOptions): Promise<PressReport> {
  const { outDir, onProgress = () => {} } = options;
  onProgress('reading the model');
  const model = await readModel(path);
  const external = await resolveExternalData(model);
  const sizeBytes = external.reduce((sum, file) => sum + file.sizeBytes, model.bytes.length);
  const limits = limitsFor(sizeBytes);
  const rewriting = rewriteModel(model);
  const { applied, env } = rewriting;
  const signature = packedSignature(rewriting);
  const work = await mkdtemp(join(tmpdir(), 'coldpress-press-'));
  try {
    await mkdir(outDir, { recursive: true });
    const source = await stageModel(rewriting, external, work);
    onProgress('running the model');
    const reference = { path: source, options: {}, env };
    const answers = await answerRandomly(reference, { signature, seed, limits });
    const samples = await runSamples(options.samples, { reference, signature, limits });
    const vectors = [...samples.vectors, ...answers.vectors];
    onProgress('optimising the graph');
    const optimisation =
      model.format === 'ort'
        ? keptOrt
        : await optimiseProven(reference, { vectors, refusal: answers.refusal, outDir, tolerance, limits });
    if (optimisation.kind === 'kept') {
      await copyModel(source, external, outDir);
    }
    const manifest: PressedManifest = {
      schemaVersion: 1,
      name: basename(path).replace(/\.(onnx|ort)$/, ''),
      versions: { coldpress: version, onnxruntime: onnxruntimeVersion() },
      engine: { name: 'onnxruntime', native: 'host', path: 'onnxruntime-node' },
      model: {
        path: MODEL_FILE,
        sha256: hashModel(model),
        sizeBytes,
        passes: applied.map(rewrite => rewrite.name),
        session: optimisation.session,
        ...(Object.keys(env).length === 0 ? {} : { env }),
      },
      signature,
      ...(samples.features === undefined ? {} : { features: samples.features }),
    };
    const golden = vectors[0] && makeGolden(vectors[0], signature, { seed, tolerance });
    const report: PressReport = { manifest, rewrites: applied, optimisation };
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

async function runSamples(
  options: SamplesOptions | undefined,
  { reference, signature, limits }: { reference: Openable; signature: Signature; limits: EngineLimits },
): Promise<{ vectors: Vector[]; features?: string[] }> {
  if (options === undefined) {
    return { vectors: [] };
  }
  const { path, tolerance: allowed = tolerance } = options;
  const samples = await readSamples(path, signature);
  const outputs = signature.outputs.map(output => output.name);
  const batched = signature.inputs.every(
    ({ shape }) => shape === null || typeof shape[0] === 'string' || shape[0] === -1,
  );
  const vectors = await answerSamples(reference, samples, { outputs, batched, limits });
  checkExpected(samples, vectors, { path, tolerance: allowed });
  return samples.features === undefined ? { vectors } : { vectors, features: samples.features };
}

/** @throws ColdpressError for the first thing that keeps the engine from running it */
function packedSignature({ model, labels }: Rewriting): Signature {
  const [obstacle] = model.format === 'ort' ? [] : findObstacles(model.proto);
  if (obstacle !== undefined) {
    throw obstacle;
  }
  return toManifestSignature(modelSignature(model), labels).signature;
}

const keptOrt: Optimisation = {
  kind: 'kept',
  session: {},
  reason: 'a model in ORT format is optimised when it is made, and cannot be rewritten',
};

/** No function has more memory than this: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxMemoryBytes = 10_240 * 2 ** 20;

/** Time and memory grow with the model; a bomb's do without one. */
function limitsFor(sizeBytes: number): EngineLimits {
  return {
    timeoutMs: 8000 + Math.min(sizeBytes / 20_000, 240_000),
    memoryBytes: Math.min(900_000_000 + 6 * sizeBytes, maxMemoryBytes),
  };
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value)}\n`);
}
