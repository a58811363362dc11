import { readBase } from '../bench/base.ts';
import { ColdpressError } from '../errors.ts';
import type { ModelReport } from '../model/inspect.ts';
import { inspectModel } from '../model/inspect.ts';
import type { Given } from './situation.ts';

/** Obstacles of a file that nothing runs, however it is packaged; the others are of the engine of the functions. */
const damage = /^(EXTERNAL_DATA_\w+|MODEL_INVALID|OPSET_MISSING)$/;

/**
 * What a model file itself says for the decision.
 * @throws ColdpressError for what is no model, or a damaged one
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
 * The latency of the first function in what `coldpress bench --json` printed.
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
