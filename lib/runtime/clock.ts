/**
 * Milliseconds since the process started. Not `performance.now()`: its first use loads all of `node:perf_hooks`, 2 ms
 * of a cold start, or 6 ms under Lambda's flags, which invalidate Node's code cache.
 */
export function now(): number {
  return process.uptime() * 1000;
}
