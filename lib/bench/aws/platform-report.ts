/** AWS's own measurements of one invocation, from the end of its log. */
export interface PlatformReport {
  durationMs: number;
  billedDurationMs: number;
  memorySizeMb: number;
  maxMemoryUsedMb: number;
  /** Duration of an INIT phase before the invocation; absent if there was none, or if it ran inside the invocation. */
  initDurationMs?: number;
  /** Duration of restoring a SnapStart snapshot. */
  restoreDurationMs?: number;
  status: 'success' | 'timeout' | 'error';
  /** `Runtime.OutOfMemory`, `Sandbox.Timedout`, ... */
  errorType?: string;
  /** An INIT that failed or took over 10 seconds, and was repeated inside the invocation. */
  failedInit?: { durationMs: number; status: string; errorType?: string };
}

/**
 * Reads REPORT, INIT_REPORT and RESTORE_REPORT, as text or as the JSON of Lambda's log format.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 * @returns `undefined` if the end of the log contains no report
 */
export function parsePlatformReport(log: string): PlatformReport | undefined {
  let report: PlatformReport | undefined;
  let failedInit: PlatformReport['failedInit'];
  let restoreMs: number | undefined;
  for (const line of log.split('\n')) {
    const event = parseLine(line);
    if (event?.type === 'report') {
      report = toReport(event.fields);
    } else if (event?.type === 'init' && event.fields.status !== 'success') {
      const { errorType, status = 'error' } = event.fields;
      failedInit = {
        durationMs: event.fields.init ?? 0,
        status,
        ...(errorType !== undefined && { errorType }),
      };
    } else if (event?.type === 'restore') {
      restoreMs = event.fields.restore;
    }
  }
  if (report === undefined) {
    return undefined;
  }
  return {
    ...report,
    ...(restoreMs !== undefined && { restoreDurationMs: restoreMs }),
    ...(failedInit !== undefined && { failedInit }),
  };
}

interface Fields {
  duration?: number;
  billed?: number;
  memory?: number;
  used?: number;
  init?: number;
  restore?: number;
  status?: string;
  errorType?: string;
}

interface ReportLine {
  type: 'report' | 'init' | 'restore';
  fields: Fields;
}

function parseLine(line: string): ReportLine | undefined {
  const [, kind] = /^(REPORT|INIT_REPORT|RESTORE_REPORT)\b/.exec(line) ?? [];
  if (kind !== undefined) {
    return { type: textTypes[kind]!, fields: textFields(line) };
  }
  return line.startsWith('{"time":') ? parseJsonLine(line) : undefined;
}

const textTypes: Record<string, ReportLine['type']> = {
  REPORT: 'report',
  INIT_REPORT: 'init',
  RESTORE_REPORT: 'restore',
};
const textNames: [key: 'duration' | 'billed' | 'memory' | 'used' | 'init' | 'restore', name: string][] = [
  ['duration', '\tDuration'],
  ['billed', '\tBilled Duration'],
  ['memory', 'Memory Size'],
  ['used', 'Max Memory Used'],
  ['init', 'Init Duration'],
  ['restore', 'Restore Duration'],
];

function textFields(line: string): Fields {
  const fields: Fields = {};
  for (const [key, name] of textNames) {
    const [, number] = new RegExp(`${name}: ([\\d.]+)`).exec(line) ?? [];
    if (number !== undefined) {
      fields[key] = Number(number);
    }
  }
  const [, status] = /Status: (\w+)/.exec(line) ?? [];
  const [, errorType] = /Error Type: ([\w.]+)/.exec(line) ?? [];
  return {
    ...fields,
    ...(status !== undefined && { status }),
    ...(errorType !== undefined && { errorType }),
  };
}

const jsonTypes: Record<string, ReportLine['type']> = {
  'platform.report': 'report',
  'platform.initReport': 'init',
  'platform.restoreReport': 'restore',
};

function parseJsonLine(line: string): ReportLine | undefined {
  try {
    const { type: name, record } = JSON.parse(line);
    const type = jsonTypes[name];
    if (type === undefined) {
      return undefined;
    }
    const { metrics = {}, status, errorType } = record;
    const fields = {
      duration: metrics.durationMs,
      billed: metrics.billedDurationMs,
      memory: metrics.memorySizeMB,
      used: metrics.maxMemoryUsedMB,
      init: type === 'init' ? metrics.durationMs : metrics.initDurationMs,
      restore: type === 'restore' ? metrics.durationMs : metrics.restoreDurationMs,
      status,
      errorType,
    };
    return {
      type,
      fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    };
  } catch {
    // The end of a log may begin in the middle of a line.
    return undefined;
  }
}

function toReport({
  duration,
  billed,
  memory,
  used,
  init,
  restore,
  status,
  errorType,
}: Fields): PlatformReport {
  return {
    durationMs: duration ?? 0,
    billedDurationMs: billed ?? 0,
    memorySizeMb: memory ?? 0,
    maxMemoryUsedMb: used ?? 0,
    ...(init !== undefined && { initDurationMs: init }),
    ...(restore !== undefined && { restoreDurationMs: restore }),
    status:
      status === 'timeout' ? 'timeout' : status === undefined || status === 'success' ? 'success' : 'error',
    ...(errorType !== undefined && { errorType }),
  };
}
