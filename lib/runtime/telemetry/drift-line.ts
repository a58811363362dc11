import type { DriftCounts } from '../../contract/drift-counts.ts';
import type { Observation } from './observation.ts';

/** Returns a line with counts only, which continues another line or belongs to a batch of files. */
export function driftLine(
  {
    source,
    requestId,
    model,
    modelSha256,
  }: Pick<Observation, 'source' | 'requestId' | 'model' | 'modelSha256'>,
  drift: DriftCounts,
  now: number,
): string {
  const timestamp = new Date(now).toISOString();
  return JSON.stringify({ severity: 'INFO', timestamp, source, requestId, model, modelSha256, drift });
}
