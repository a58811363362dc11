import { addCounts, type DriftCounts } from '../../contract/drift-counts.ts';
import { isObject } from '../../contract/is-object.ts';
import { countedColumns, type Profile } from '../../contract/profile.ts';
import { emptySlots, type Slots } from '../histogram.ts';
import type { LogEntry } from './entry.ts';
import { seenLines } from './seen-lines.ts';

/** Counts of one function version on one day (UTC). */
export interface Period {
  /** `2026-11-28`; empty if the log has no times. */
  day: string;
  version: string;
  rows: number;
  /** Slots of each column. */
  slots: Slots[];
}

const noEntries = {
  counted: 0,
  /** Telemetry without counts: the function has no profile, or the line was not sampled. */
  uncounted: 0,
  results: 0,
  outsideWindow: 0,
  duplicated: 0,
  /** Telemetry that is truncated, or whose counts do not match the profile. */
  broken: 0,
  /** Telemetry counted with another profile. */
  otherProfile: 0,
  foreign: 0,
};

export type EntryKind = keyof typeof noEntries;

/** How many entries of each kind were read, and the locations of the first unexpected ones. */
export interface EntryReport {
  read: number;
  kinds: Record<EntryKind, number>;
  examples: Partial<Record<EntryKind, string[]>>;
  /** Names of the functions whose lines were counted, as far as the lines contain them. */
  functions: string[];
}

const exampleKinds = { duplicated: true, broken: true, otherProfile: true };

/** Versions of something that ran, and the number of entries with each. */
export type Seen = Record<string, number>;

export interface Summed {
  periods: Period[];
  entries: EntryReport;
  /** The versions that ran, from Lambda's own lines and the lines of cold starts. */
  running: { runtime: Seen; node: Seen; coldpress: Seen; onnxruntime: Seen; modelSha256: Seen };
  /** Results that the `log` sink wrote, by the identifier of their record. */
  results: Map<string, LoggedResult>;
}

export interface LoggedResult {
  result: unknown;
  timeMs: number | undefined;
}

const mostExamples = 3;

/** Sums the counts of all telemetry lines in the window, counting each line once. */
export async function sumEntries(
  entries: AsyncIterable<LogEntry>,
  { profile, sinceMs, untilMs }: { profile: Profile; sinceMs: number; untilMs: number },
): Promise<Summed> {
  const columns = countedColumns(profile);
  const periods = new Map<string, Period>();
  const seen = seenLines();
  const running: Summed['running'] = {
    runtime: {},
    node: {},
    coldpress: {},
    onnxruntime: {},
    modelSha256: {},
  };
  const results = new Map<string, LoggedResult>();
  const functions = new Set<string>();
  /** Classifies an entry and adds its counts. */
  function add({ content, timeMs, version = '', where }: LogEntry): [kind: EntryKind, where: string] {
    if (timeMs !== undefined && (timeMs < sinceMs || timeMs >= untilMs)) {
      return ['outsideWindow', where];
    }
    if (typeof content === 'string') {
      count(running.runtime, /Runtime Version:\s*(\S+)/.exec(content)?.[1]);
      // A truncated line of telemetry is not valid JSON.
      return [/"drift":\{|"modelSha256":/.test(content) ? 'broken' : 'foreign', where];
    }
    if (content.type === 'platform.initStart' && isObject(content.record)) {
      count(running.runtime, content.record.runtimeVersion);
    }
    if (content.coldpress === 'result' && typeof content.id === 'string') {
      const isKnown = results.has(content.id);
      results.set(content.id, { result: content.result, timeMs });
      return [isKnown ? 'duplicated' : 'results', where];
    }
    return typeof content.modelSha256 === 'string'
      ? addTelemetry(content, { timeMs, version, where })
      : ['foreign', where];
  }

  function addTelemetry(
    { drift, requestId, modelSha256, versions, function: name }: Record<string, unknown>,
    { timeMs, version, where }: { timeMs: number | undefined; version: string; where: string },
  ): [kind: EntryKind, where: string] {
    if (drift !== undefined && !isCounts(drift)) {
      return ['broken', where];
    }
    // Lines without counts are identified by their request.
    if (!seen.add(drift === undefined ? `request ${requestId}` : drift.id)) {
      return ['duplicated', where];
    }
    count(running.modelSha256, modelSha256);
    if (isObject(versions)) {
      for (const part of ['node', 'coldpress', 'onnxruntime'] as const) {
        count(running[part], versions[part]);
      }
    }
    if (drift === undefined) {
      return ['uncounted', where];
    }
    if (drift.profile !== profile.id) {
      return ['otherProfile', `${where} (profile ${drift.profile})`];
    }
    const period = periodOf(timeMs === undefined ? '' : new Date(timeMs).toISOString().slice(0, 10), version);
    if (!addCounts(period.slots, drift)) {
      return ['broken', where];
    }
    period.rows += drift.rows;
    if (typeof name === 'string') {
      functions.add(name);
    }
    return ['counted', where];
  }

  function periodOf(day: string, version: string): Period {
    const key = `${day} ${version}`;
    const period = periods.get(key) ?? { day, version, rows: 0, slots: columns.map(emptySlots) };
    periods.set(key, period);
    return period;
  }

  const report: EntryReport = { read: 0, kinds: { ...noEntries }, examples: {}, functions: [] };
  for await (const entry of entries) {
    const [kind, where] = add(entry);
    report.read += 1;
    report.kinds[kind] += 1;
    if (kind in exampleKinds) {
      report.examples[kind] ??= [];
      if (report.examples[kind].length < mostExamples) {
        report.examples[kind].push(where);
      }
    }
  }
  report.functions = [...functions].sort();
  const sorted = [...periods.values()].sort((a, b) =>
    `${a.day} ${a.version}` < `${b.day} ${b.version}` ? -1 : 1,
  );
  return { periods: sorted.filter(({ rows }) => rows > 0), entries: report, running, results };
}

function isCounts(value: unknown): value is DriftCounts {
  return (
    isObject(value) &&
    value.v === 1 &&
    [value.profile, value.id, value.counts].every(text => typeof text === 'string') &&
    Number.isSafeInteger(value.rows) &&
    (value.rows as number) >= 0 &&
    (value.from === undefined || Number.isSafeInteger(value.from))
  );
}

function count(seen: Seen, what: unknown): void {
  if (typeof what === 'string') {
    seen[what] = (Object.hasOwn(seen, what) ? seen[what]! : 0) + 1;
  }
}
