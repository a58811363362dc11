import type { PlatformReport } from './platform-report.ts';

/**
 * How an invocation's instance was started. `pre-initialised`: the function reports its first invocation, but AWS
 * reports no INIT, so Lambda ran it in advance. `suppressed`: INIT failed or took too long and was repeated inside the
 * invocation, whose duration includes it.
 */
export type StartKind = 'cold' | 'restored' | 'pre-initialised' | 'suppressed' | 'warm';

/** @param first - whether the function reports that this was its first invocation; `undefined` if it reports nothing */
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
