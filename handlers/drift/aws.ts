import { readFileSync } from 'node:fs';
import { MANIFEST_FILE, parseManifest } from '../../lib/contract/manifest.ts';
import { PROFILE_FILE, parseProfile } from '../../lib/contract/profile.ts';
import { judgeDrift } from '../../lib/drift/scheduled.ts';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const profile = parseProfile(read(PROFILE_FILE));
const manifest = parseManifest(read(MANIFEST_FILE));

/**
 * Runs on the schedule of `OnnxFunction.alarmOnDrift`: judges the log of the model's function and writes the verdict
 * and its metric in CloudWatch's embedded metric format. It fails if the log cannot be read; an alarm watches for that.
 */
export async function handler(): Promise<void> {
  const { LOG_GROUP = '', MODEL_FUNCTION, NAMESPACE, ...settings } = process.env;
  const nowMs = Date.now();
  const verdict = await judgeDrift({ source: LOG_GROUP, profile, manifest, settings, nowMs });
  const directive = {
    Namespace: NAMESPACE,
    Dimensions: [['function']],
    Metrics: [{ Name: 'drift', Unit: 'None' }],
  };
  const _aws = { Timestamp: nowMs, CloudWatchMetrics: [directive] };
  process.stdout.write(`${JSON.stringify({ _aws, function: MODEL_FUNCTION, ...verdict })}\n`);
}
