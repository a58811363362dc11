import { readBase } from '../bench/base.ts';
import type { ModelReport } from '../model/inspect.ts';
import { inspectModel } from '../model/inspect.ts';
import type { Given } from './situation.ts';

/** What a model file itself says for the decision. */
export async function modelFacts(path: string): Promise<Given> {
  const report: ModelReport = await inspectModel(path);
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
