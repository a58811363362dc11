import type { Manifest } from '../contract/manifest.ts';
import { countedColumns, type Profile } from '../contract/profile.ts';
import { ColdpressError } from '../errors.ts';
import {
  type AssessOptions,
  assessColumns,
  assessDefaults,
  type ColumnCounts,
  type ColumnDrift,
  withoutDriftOf,
} from './assess.ts';
import { referenceSlots, type Slots } from './histogram.ts';
import { measurePerformance, type Performance } from './labels/performance.ts';
import type { Label } from './labels/read-labels.ts';
import { readSources, type SourceOptions } from './logs/sources.ts';
import { type EntryReport, type Period, type Summed, sumEntries } from './logs/sum-entries.ts';
import { findTechnicalDrift, type TechnicalDrift } from './technical.ts';
import { type DayDrift, measureDays } from './timeline.ts';

export interface DriftOptions extends SourceOptions {
  /** Files, `-` for stdin, or names of deployed functions. */
  sources: readonly string[];
  profile: Profile;
  /** Manifest of the packed model. @default versions are not compared */
  manifest?: Manifest | undefined;
  /** A version to use as the reference instead of the profile's rows. */
  fromVersion?: string | undefined;
  /** The only version to judge. @default all */
  toVersion?: string | undefined;
  labels?: ReadonlyMap<string, Label> | undefined;
  /** @default assessDefaults.alpha */
  alpha?: number | undefined;
  /** @default assessDefaults.looks */
  looks?: number | undefined;
  /** @default assessDefaults.seed */
  seed?: number | undefined;
  today: Date;
}

export interface DriftReport {
  schemaVersion: 1;
  model: Profile['model'];
  profile: string;
  reference: { kind: 'profile'; rows: number } | { kind: 'version'; version: string; rows: number };
  current: { rows: number; versions: string[]; firstDay: string; lastDay: string };
  settings: Pick<AssessOptions, 'alpha' | 'looks' | 'seed'>;
  /** Whether anything drifted: an input, an output, the performance or what runs. */
  drifted: boolean;
  /** The largest evidence of any column; above `threshold` there is drift. */
  evidence: number;
  threshold: number;
  columns: ColumnDrift[];
  /** The worst columns, by day. */
  days: DayDrift[];
  performance: Performance | null;
  technical: TechnicalDrift[];
  entries: EntryReport;
}

/**
 * Compares a function's counts with its training data, or with the counts of an earlier version.
 * @throws ColdpressError DRIFT_NO_COUNTS, DRIFT_VERSION, and the errors of reading logs
 */
export async function findDrift({
  profile,
  manifest,
  fromVersion,
  toVersion,
  labels,
  today,
  ...options
}: DriftOptions): Promise<DriftReport> {
  const { alpha = assessDefaults.alpha, looks = assessDefaults.looks, seed = assessDefaults.seed } = options;
  const { sinceMs, untilMs } = options;
  const summed = await sumEntries(readSources(options.sources, options), { profile, sinceMs, untilMs });
  const { periods, entries, results } = summed;
  const current = periods.filter(
    ({ version }) => (toVersion === undefined || version === toVersion) && version !== fromVersion,
  );
  const rows = rowsOf(current);
  if (rows === 0) {
    throw noCounts(summed, { profile, toVersion, fromVersion });
  }
  const before = periods.filter(({ version }) => version === fromVersion);
  if (fromVersion !== undefined && rowsOf(before) === 0) {
    throw unknownVersion(fromVersion, periods);
  }
  const references =
    fromVersion === undefined ? countedColumns(profile).map(referenceSlots) : sumSlots(before);
  const columns = pairColumns(profile, {
    references,
    current: sumSlots(current),
    isProfile: fromVersion === undefined,
  });
  const assessed = assessColumns(columns, { alpha, looks, seed });
  const performance =
    labels === undefined ? null : measurePerformance(results, labels, { alpha, looks, seed });
  const technical = findTechnicalDrift(summed.running, { manifest, profile, today });
  const evidence = Math.max(0, ...assessed.map(column => column.evidence));
  const days = current.map(({ day }) => day);
  return {
    schemaVersion: 1,
    model: profile.model,
    profile: profile.id,
    reference:
      fromVersion === undefined
        ? { kind: 'profile', rows: profile.rows }
        : { kind: 'version', version: fromVersion, rows: rowsOf(before) },
    current: {
      rows,
      versions: [...new Set(current.map(({ version }) => version))].filter(version => version !== ''),
      firstDay: days[0] ?? '',
      lastDay: days.at(-1) ?? '',
    },
    settings: { alpha, looks, seed },
    drifted:
      assessed.some(({ drifted }) => drifted) ||
      performance?.drifted === true ||
      technical.some(({ isFault }) => isFault),
    evidence,
    threshold: -Math.log10(alpha),
    columns: assessed,
    days: measureDays(current, { columns, worst: assessed, seed }),
    performance,
    technical,
    entries,
  };
}

function pairColumns(
  profile: Profile,
  { references, current, isProfile }: { references: Slots[]; current: Slots[]; isProfile: boolean },
): ColumnCounts[] {
  return countedColumns(profile).map((column, index) => ({
    role: index < profile.features.length ? 'feature' : 'output',
    column,
    reference: references[index]!,
    current: current[index]!,
    withoutDrift: withoutDriftOf(column, isProfile),
  }));
}

function sumSlots(periods: readonly Period[]): Slots[] {
  const [first, ...others] = periods.map(({ slots }) => slots);
  const sums = first!.map(slots => [...slots]);
  for (const slots of others) {
    for (const [index, counts] of slots.entries()) {
      for (const [slot, count] of counts.entries()) {
        sums[index]![slot]! += count;
      }
    }
  }
  return sums;
}

function rowsOf(periods: readonly Period[]): number {
  return periods.reduce((total, { rows }) => total + rows, 0);
}

function noCounts(
  { entries: { read, kinds }, periods }: Summed,
  {
    profile,
    toVersion,
    fromVersion,
  }: { profile: Profile; toVersion: string | undefined; fromVersion: string | undefined },
): ColdpressError {
  if (periods.length > 0) {
    return unknownVersion(toVersion ?? `other than ${fromVersion}`, periods);
  }
  if (read === 0) {
    return new ColdpressError('DRIFT_NO_COUNTS', 'the log is empty', {
      hint: 'Pass the log of a function, as a file or by a pipe: cat function.log | npx coldpress drift -',
    });
  }
  const hint =
    kinds.otherProfile > 0
      ? `${kinds.otherProfile} lines were counted with another profile than ${profile.id}. Pass the profile that the function was packed with: --profile build.`
      : kinds.outsideWindow > 0
        ? `${kinds.outsideWindow} entries are outside the window. Use an earlier --since.`
        : kinds.uncounted > 0
          ? 'The function counts nothing. Set "profile" in the config, and pack and deploy it again.'
          : kinds.broken > 0
            ? `${kinds.broken} lines are cut, or their counts do not fit the profile. Pass the profile that the function was packed with: --profile build.`
            : 'Check that it is the log of a function that coldpress packed. On your machine, run `coldpress serve --verbose`: without it, no lines are printed.';
  return new ColdpressError('DRIFT_NO_COUNTS', `none of ${read} log entries has counts of the profile`, {
    hint,
  });
}

function unknownVersion(version: string, periods: readonly Period[]): ColdpressError {
  const versions = [...new Set(periods.map(period => period.version || 'one without a name'))];
  return new ColdpressError('DRIFT_VERSION', `the log has no counts of version ${version}`, {
    hint: `It has: ${versions.join(', ')}.`,
  });
}
