import { readBase } from '../bench/base.ts';
import { ColdpressError } from '../errors.ts';
import { EngineRefusedError } from '../model/engine-errors.ts';
import type { ModelReport } from '../model/inspect.ts';
import { inspectModel } from '../model/inspect.ts';
import type { Origins } from './origins.ts';
import type { Given } from './situation.ts';

/** Facts for the decision, and where they come from. */
export interface Facts {
  given: Given;
  origins: Partial<Origins>;
}

/** Obstacles of a file that nothing can run, however it is packaged; all others are limits of the functions' engine. */
const damage = /^(EXTERNAL_DATA_\w+|MODEL_INVALID|OPSET_MISSING)$/;
/** The engine's process ended: the model is the reason, not this machine. */
const failure = /^ENGINE_/;

/** Larger models are not run, because that takes minutes. No Lambda function can hold them. */
const mostPressedBytes = 2 ** 28;

/**
 * Reads the facts for the decision from a model file.
 * @param press - presses the model as `coldpress pack` does, which chooses the engine
 * @throws ColdpressError for a file that is not a model, or a damaged one
 */
export async function modelFacts(path: string, press: (path: string) => Promise<Facts>): Promise<Facts> {
  const report: ModelReport = await inspectModel(path);
  const damaged = report.obstacles.find(({ code }) => damage.test(code));
  if (damaged !== undefined) {
    throw new ColdpressError(damaged.code, damaged.message, { hint: damaged.hint });
  }
  const modelBytes =
    report.sizeBytes + report.externalData.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const obstacles = report.obstacles.map(({ message }) => message);
  const assume = (reason: string, given: Given = {}): Facts => ({
    given: { modelBytes, obstacles, ...given },
    origins: { engine: { from: 'assumption', reason } },
  });
  if (obstacles.length > 0) {
    return assume('no engine runs this model');
  }
  if (report.needsSamples !== undefined) {
    return assume('ONNX Runtime cannot run this model; samples have to prove it', { engine: 'compiled' });
  }
  const isBooster = report.format === 'lightgbm' || report.format === 'xgboost';
  if (modelBytes > mostPressedBytes && !isBooster) {
    return assume(`models over ${mostPressedBytes / 2 ** 20} MiB are not run for advice`);
  }
  try {
    return await press(path);
  } catch (error) {
    if (
      error instanceof EngineRefusedError ||
      (error instanceof ColdpressError && failure.test(error.code))
    ) {
      return assume('no engine runs this model', { obstacles: [error.message] });
    }
    throw error;
  }
}

/**
 * Reads engine and latency of the first function from the output of `coldpress bench --json`.
 * @throws ColdpressError `BENCH_BASE_INVALID`
 */
export async function measuredFacts(path: string): Promise<Facts> {
  const { summaries, variants } = await readBase(path);
  const [first] = summaries;
  const engine = variants[0]?.engine;
  const warmMs = first?.warmMs?.p50;
  return {
    given: {
      ...(engine && { engine }),
      ...(first && { coldMs: first.totalMs.value }),
      ...(warmMs !== undefined && { warmMs }),
    },
    origins: {
      ...(engine && { engine: { from: 'bench' } }),
      ...(first && { coldMs: 'bench' }),
      ...(warmMs !== undefined && { warmMs: 'bench' }),
    },
  };
}
