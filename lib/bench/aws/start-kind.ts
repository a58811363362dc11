import type { PlatformReport } from './platform-report.ts';

/**
 * How an invocation's instance came to be. `pre-initialised`: the function's own clock says that it was its first
 * invocation, and there is no INIT in the report, so Lambda had done it ahead. `suppressed`: INIT failed or took too long,
 * and ran again inside the invocation, whose duration holds it.
 */
export type StartKind = 'cold' | 'restored' | 'pre-initialised' | 'suppressed' | 'warm';

/** @param first - whether the function says that it was its first invocation; `undefined` where it says nothing */
export function startKindOf(report: PlatformReport, first: boolean | undefined): StartKind {
  if (report.failedInit !== undefined) {
    return 'suppressed';
  }
  if (report.restoreDurationMs !== undefined) {
    return 'restored';
  }
  if (report.initDurationMs !== undefined) {
    return 'cold';
  }
  return first === true ? 'pre-initialised' : 'warm';
}
