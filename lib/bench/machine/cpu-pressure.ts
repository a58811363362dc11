import { readFileSync } from 'node:fs';

/** Readings of Linux's counters; `null` for counters that do not exist. */
export interface CpuTimes {
  atMs: number;
  /** Time in which at least one program was waiting for a CPU. https://docs.kernel.org/accounting/psi.html */
  waitedMs: number | null;
  /** Ticks, of all CPUs together. https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat */
  ticks: { all: number; stolen: number } | null;
}

export function readCpuTimes(): CpuTimes {
  const pressure = /^some .*total=(\d+)/m.exec(read('/proc/pressure/cpu'));
  const ticks = /^cpu +(.+)$/m.exec(read('/proc/stat'))?.[1]?.split(' ').map(Number);
  return {
    atMs: performance.now(),
    waitedMs: pressure === null ? null : Number(pressure[1]) / 1000,
    // Only the first eight, because guest time, which follows, is included in user time.
    ticks:
      ticks === undefined
        ? null
        : { all: ticks.slice(0, 8).reduce((sum, n) => sum + n, 0), stolen: ticks[7] ?? 0 },
  };
}

/** Shares of the time between two readings, from 0 to 1. */
export function shareBetween(
  before: CpuTimes,
  after: CpuTimes,
): { waited: number | null; stolen: number | null } {
  const { waitedMs: from, ticks: first } = before;
  const { waitedMs: to, ticks: last } = after;
  return {
    waited: from === null || to === null ? null : (to - from) / (after.atMs - before.atMs),
    stolen:
      first === null || last === null
        ? null
        : (last.stolen - first.stolen) / Math.max(1, last.all - first.all),
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not Linux, or a kernel without this file.
    return '';
  }
}
