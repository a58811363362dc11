/** The values of Lambda's REPORT line for one invocation. */
export interface Report {
  durationMs: number;
  /** Duration and INIT, rounded up: INIT has been billed since August 2025. */
  billedDurationMs: number;
  memorySizeMb: number;
  /** `null` on hosts that do not report a process's peak. */
  maxMemoryUsedMb: number | null;
  /** An INIT phase before the invocation; one within it is part of the duration. */
  initDurationMs?: number;
  status?: 'timeout' | 'error';
  errorType?: string;
}

/** The REPORT line in Lambda's text format. */
export function formatReport(requestId: string, report: Report): string {
  const used = report.maxMemoryUsedMb === null ? 'n/a' : `${report.maxMemoryUsedMb} MB`;
  return line(
    `REPORT RequestId: ${requestId}`,
    `Duration: ${report.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${report.billedDurationMs} ms`,
    `Memory Size: ${report.memorySizeMb} MB`,
    `Max Memory Used: ${used}`,
    report.initDurationMs === undefined ? undefined : `Init Duration: ${report.initDurationMs.toFixed(2)} ms`,
    ...status(report),
  );
}

/** The INIT_REPORT line, which Lambda prints for an INIT that failed. */
export function formatInitReport(
  report: { initMs: number; phase: 'init' | 'invoke' } & Pick<Report, 'status' | 'errorType'>,
): string {
  return line(
    `INIT_REPORT Init Duration: ${report.initMs.toFixed(2)} ms`,
    `Phase: ${report.phase}`,
    ...status(report),
  );
}

function status({ status, errorType }: Pick<Report, 'status' | 'errorType'>): (string | undefined)[] {
  return [status && `Status: ${status}`, errorType && `Error Type: ${errorType}`];
}

function line(...fields: (string | undefined)[]): string {
  return `${fields.filter(field => field !== undefined).join('\t')}\n`;
}
