import { describe, expect, test } from 'vitest';
import { parsePlatformReport } from '../../lib/bench/aws/platform-report.ts';
import { startKindOf } from '../../lib/bench/aws/start-kind.ts';

const id = 'RequestId: 8476a536-e9f4-11e8-9739-2dfe598c3fcd';
const json = (type: string, record: object) =>
  JSON.stringify({ time: '2026-11-20T10:00:00.000Z', type, record });
const usual = {
  durationMs: 2.5,
  billedDurationMs: 3,
  memorySizeMb: 1024,
  maxMemoryUsedMb: 80,
  status: 'success',
};

/** Ends of logs, as Lambda writes them. */
const cases: [name: string, log: string, expected: object, kind: string][] = [
  [
    'hello world, cold',
    `START ${id} Version: $LATEST\nhello\nEND ${id}\nREPORT ${id}\tDuration: 2.50 ms\tBilled Duration: 118 ms\tMemory Size: 1024 MB\tMax Memory Used: 80 MB\tInit Duration: 114.77 ms\t\n`,
    { ...usual, billedDurationMs: 118, initDurationMs: 114.77 },
    'cold',
  ],
  [
    'warm',
    `REPORT ${id}\tDuration: 2.50 ms\tBilled Duration: 3 ms\tMemory Size: 1024 MB\tMax Memory Used: 80 MB\t\n`,
    usual,
    'warm',
  ],
  [
    'traced by X-Ray',
    `REPORT ${id}\tDuration: 2.50 ms\tBilled Duration: 3 ms\tMemory Size: 1024 MB\tMax Memory Used: 80 MB\t\nXRAY TraceId: 1-5e\tSegmentId: 3a\tSampled: true\t\n`,
    usual,
    'warm',
  ],
  [
    'a timeout',
    `REPORT ${id}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 1024 MB\tMax Memory Used: 80 MB\tStatus: timeout\n`,
    { ...usual, durationMs: 3000, billedDurationMs: 3000, status: 'timeout' },
    'warm',
  ],
  [
    'out of memory',
    `REPORT ${id}\tDuration: 812.30 ms\tBilled Duration: 813 ms\tMemory Size: 128 MB\tMax Memory Used: 128 MB\tStatus: error\tError Type: Runtime.OutOfMemory\n`,
    {
      durationMs: 812.3,
      billedDurationMs: 813,
      memorySizeMb: 128,
      maxMemoryUsedMb: 128,
      status: 'error',
      errorType: 'Runtime.OutOfMemory',
    },
    'warm',
  ],
  [
    'an INIT that took over 10 seconds, and ran again',
    `INIT_REPORT Init Duration: 9999.31 ms\tPhase: init\tStatus: timeout\nREPORT ${id}\tDuration: 12010.10 ms\tBilled Duration: 12011 ms\tMemory Size: 1024 MB\tMax Memory Used: 80 MB\t\n`,
    {
      ...usual,
      durationMs: 12010.1,
      billedDurationMs: 12011,
      failedInit: { durationMs: 9999.31, status: 'timeout' },
    },
    'suppressed',
  ],
  [
    'an INIT that failed',
    `INIT_REPORT Init Duration: 120.00 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError\nREPORT ${id}\tDuration: 130.00 ms\tBilled Duration: 130 ms\tMemory Size: 1024 MB\tMax Memory Used: 80 MB\tStatus: error\tError Type: Runtime.ExitError\n`,
    {
      ...usual,
      durationMs: 130,
      billedDurationMs: 130,
      status: 'error',
      errorType: 'Runtime.ExitError',
      failedInit: { durationMs: 120, status: 'error', errorType: 'Runtime.ExitError' },
    },
    'suppressed',
  ],
  [
    'restored from a snapshot',
    `RESTORE_REPORT Restore Duration: 302.11 ms\nREPORT ${id}\tDuration: 2.50 ms\tBilled Duration: 3 ms\tMemory Size: 1024 MB\tMax Memory Used: 80 MB\tRestore Duration: 302.11 ms\tBilled Restore Duration: 120 ms\t\n`,
    { ...usual, restoreDurationMs: 302.11 },
    'restored',
  ],
  [
    'JSON, cold',
    `${json('platform.start', { requestId: 'a' })}\n${json('platform.report', {
      requestId: 'a',
      status: 'success',
      metrics: {
        durationMs: 2.5,
        billedDurationMs: 118,
        memorySizeMB: 1024,
        maxMemoryUsedMB: 80,
        initDurationMs: 114.77,
      },
    })}\n`,
    { ...usual, billedDurationMs: 118, initDurationMs: 114.77 },
    'cold',
  ],
  [
    'JSON, a timeout, behind half a line',
    `bodyBytes":3}}\n${json('platform.report', {
      requestId: 'a',
      status: 'timeout',
      metrics: { durationMs: 3000, billedDurationMs: 3000, memorySizeMB: 1024, maxMemoryUsedMB: 80 },
    })}\n`,
    { ...usual, durationMs: 3000, billedDurationMs: 3000, status: 'timeout' },
    'warm',
  ],
  [
    'JSON, an INIT that failed',
    `${json('platform.initReport', {
      phase: 'init',
      status: 'error',
      errorType: 'Runtime.ExitError',
      metrics: { durationMs: 120 },
    })}\n${json('platform.report', {
      requestId: 'a',
      status: 'error',
      errorType: 'Runtime.ExitError',
      metrics: { durationMs: 130, billedDurationMs: 130, memorySizeMB: 1024, maxMemoryUsedMB: 80 },
    })}\n`,
    {
      ...usual,
      durationMs: 130,
      billedDurationMs: 130,
      status: 'error',
      errorType: 'Runtime.ExitError',
      failedInit: { durationMs: 120, status: 'error', errorType: 'Runtime.ExitError' },
    },
    'suppressed',
  ],
];

describe('what AWS reports of an invocation', () => {
  test.each(cases)('%s', (_, log, expected, kind) => {
    const report = parsePlatformReport(log)!;
    expect(report).toEqual(expected);
    expect(startKindOf(report, undefined)).toBe(kind);
  });

  test('the first invocation of an instance that Lambda had ready', () => {
    expect(startKindOf(parsePlatformReport(cases[1]![1])!, true)).toBe('pre-initialised');
  });

  test('a log without a report', () => expect(parsePlatformReport('{"time":\nhello\n')).toBeUndefined());
});
