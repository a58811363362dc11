import type { Manifest } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';

/** A scheduled drift check. */
export interface DriftRequest {
  /** A cron expression. */
  schedule: string;
  /** Service account of the drift function and of its caller. @default that of the model's function */
  serviceAccount: string | undefined;
  /** Name of the drift function. */
  name: string;
}

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
      throw new ColdpressError('OPTION_CONFLICT', '--drift-service-account is given without a schedule', {
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
    throw new ColdpressError(
      'PROFILE_MISSING',
      'the function counts nothing for drift, because it was packed without a profile',
      {
        hint: 'run `coldpress profile DATA`, and set "profile" in the config; telemetry.drift must not be false',
      },
    );
  }
  if (name.length + ending.length > mostCharacters) {
    throw new ColdpressError('OPTION_INVALID', `"${name}${ending}" is too long for the name of a function`, {
      hint: `give a --name of ${mostCharacters - ending.length} characters at most`,
    });
  }
  return { schedule, serviceAccount, name: `${name}${ending}` };
}
