import { Readable } from 'node:stream';
import type { Manifest } from '../contract/manifest.ts';
import type { Profile } from '../contract/profile.ts';
import { ColdpressError } from '../errors.ts';
import { type Call, tokenCalls } from '../gcp/rest.ts';
import type { ColumnDrift } from './assess.ts';
import { type DriftOptions, findDrift } from './drift.ts';
import { headline } from './format.ts';

export interface ScheduledOptions
  extends Pick<DriftOptions, 'project' | 'region' | 'endpointUrl' | 'callGoogle'> {
  /** A function's name, or the ARN of a log group. */
  source: string;
  profile: Profile;
  manifest: Manifest;
  /** Environment variables: hours before now, and options as in `DriftOptions`. */
  settings: { WINDOW_HOURS?: string; ALPHA?: string; LOOKS?: string };
  nowMs: number;
}

/** The result that a scheduled run writes to its log. */
export interface DriftVerdict {
  /**
   * The metric: the largest evidence of all columns. 0 without rows, because a model that receives no requests does not
   * drift.
   */
  drift: number;
  drifted: boolean;
  rows: number;
  message: string;
  /** The columns that drifted, worst first, at most 20. */
  columns: Pick<ColumnDrift, 'name' | 'role' | 'evidence'>[];
  technical: string[];
}

const mostColumns = 20;
const hourMs = 3_600_000;

/** Calls Google's APIs without Google's client. @param endpointUrl - a local server to use instead of Google's */
export function googleCalls(getToken: () => Promise<string>, endpointUrl: string | undefined): Call {
  return tokenCalls(getToken, { endpoint: endpointUrl === undefined ? undefined : new URL(endpointUrl) });
}

/** Judges the log up to now. @throws the errors of `findDrift`, except that of a log without rows */
export async function judgeDrift({
  source,
  settings,
  nowMs,
  ...options
}: ScheduledOptions): Promise<DriftVerdict> {
  try {
    const report = await findDrift({
      ...options,
      sources: [source],
      sinceMs: nowMs - Number(settings.WINDOW_HOURS) * hourMs,
      untilMs: nowMs,
      alpha: Number(settings.ALPHA),
      looks: Number(settings.LOOKS),
      stdin: Readable.from([]),
      today: new Date(nowMs),
    });
    return {
      drift: report.evidence,
      drifted: report.drifted,
      rows: report.current.rows,
      message: headline(report),
      columns: report.columns
        .filter(({ drifted }) => drifted)
        .slice(0, mostColumns)
        .map(({ name, role, evidence }) => ({ name, role, evidence })),
      technical: report.technical.map(({ message }) => message),
    };
  } catch (error) {
    if (error instanceof ColdpressError && error.code === 'DRIFT_NO_COUNTS') {
      return {
        drift: 0,
        drifted: false,
        rows: 0,
        message: error.hint ?? error.message,
        columns: [],
        technical: [],
      };
    }
    throw error;
  }
}
