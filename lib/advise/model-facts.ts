import { readBase } from '../bench/base.ts';
import { ColdpressError } from '../errors.ts';
import type { ModelReport } from '../model/inspect.ts';
import { inspectModel } from '../model/inspect.ts';
import type { Given } from './situation.ts';

/** Obstacles of a file that nothing can run, however it is packaged; all others are limits of the functions' engine. */
const damage = /^(EXTERNAL_DATA_\w+|MODEL_INVALID|OPSET_MISSING)$/;

/**
 * Reads the facts for the decision from a model file.
 * @throws ColdpressError for a file that is not a model, or a damaged one
 */
export async function modelFacts(path: string): Promise<Given> {
  const report: ModelReport = await inspectModel(path);
  const damaged = report.obstacles.find(({ code }) => damage.test(code));
  if (damaged !== undefined) {
    throw new ColdpressError(damaged.code, damaged.message, { hint: damaged.hint });
  }
  const externalBytes = report.externalData.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    modelBytes: report.sizeBytes + externalBytes,
    obstacles: report.obstacles.map(({ message }) => message),
  };
}

/**
 * Reads the latency of the first function from the output of `coldpress bench --json`.
 * @throws ColdpressError `BENCH_BASE_INVALID`
 */
export async function measuredLatency(path: string): Promise<Given> {
  const { summaries } = await readBase(path);
  const [first] = summaries;
  return {
    ...(first === undefined ? {} : { coldMs: first.totalMs.value }),
    ...(first?.warmMs == null ? {} : { warmMs: first.warmMs.p50 }),
  };
}
