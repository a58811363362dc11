import type { Manifest } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';
import { frequencyOf } from '../../targets/schedule.ts';
import { unprofiled } from '../../targets/unprofiled.ts';

/** A scheduled drift check. */
export interface DriftRequest {
  /** A cron expression. */
  schedule: string;
  /** Service account of the drift function and of its caller. @default that of the model's function */
  serviceAccount: string | undefined;
  /** Name of the drift function. */
  name: string;
  /** How much of the log each run reads. */
  windowHours: number;
  /** Runs of a year, over which the chance of a false alarm is spent. */
  looks: number;
}

const defaultWindowHours = 7 * 24;
/** The default retention of Cloud Logging: https://docs.cloud.google.com/logging/quotas#logs_retention_periods */
const retentionHours = 30 * 24;

const mostCharacters = 49;
const ending = '-drift';

/** @throws ColdpressError OPTION_INVALID, OPTION_CONFLICT, PROFILE_MISSING */
export function resolveDrift(
  {
    driftSchedule: schedule,
    driftServiceAccount: serviceAccount,
  }: { driftSchedule?: string | undefined; driftServiceAccount?: string | undefined },
  { manifest, name }: { manifest: Manifest; name: string },
): DriftRequest | undefined {
  if (schedule === undefined) {
    if (serviceAccount !== undefined) {
      throw new ColdpressError('OPTION_CONFLICT', '--drift-service-account needs a schedule', {
        hint: 'add --drift-schedule "0 6 * * *"',
      });
    }
    return undefined;
  }
  // Google validates the fields themselves.
  if (!/^\S+( +\S+){4}$/.test(schedule)) {
    throw new ColdpressError('OPTION_INVALID', `--drift-schedule is "${schedule}"`, {
      hint: 'five fields of cron, in quotes: "0 6 * * *" is daily at 6:00 UTC',
    });
  }
  if (manifest.profile === undefined) {
    throw new ColdpressError(unprofiled.code, unprofiled.message, { hint: unprofiled.hint });
  }
  if (name.length + ending.length > mostCharacters) {
    throw new ColdpressError('OPTION_INVALID', `"${name}${ending}" is too long for the name of a function`, {
      hint: `choose a --name of ${mostCharacters - ending.length} characters at most`,
    });
  }
  const { runsPerYear = 365, longestGapHours = 0 } = frequencyOf(schedule) ?? {};
  if (longestGapHours > retentionHours) {
    throw new ColdpressError(
      'OPTION_INVALID',
      `--drift-schedule is "${schedule}": up to ${Math.ceil(longestGapHours / 24)} days pass between two runs, and Cloud Logging keeps 30 days of logs`,
      { hint: 'run more often: "0 6 * * 1" is every Monday at 6:00 UTC' },
    );
  }
  return {
    schedule,
    serviceAccount,
    name: `${name}${ending}`,
    looks: runsPerYear,
    windowHours: Math.ceil(Math.max(defaultWindowHours, longestGapHours)),
  };
}
