import { readdirSync, readFileSync } from 'node:fs';

/** A tick of the kernel's accounts, on every Linux that Node runs on. */
const tickMs = 10;

/** The highest resident memory of a process so far, in bytes; 0 where the system does not tell it without a helper program. */
export function peakResidentBytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/**
 * The CPU time of a process's busiest thread, in milliseconds: what its work takes on an idle machine, whatever else
 * this one does. `undefined` where only the clock can tell.
 */
export function busiestThreadMs(pid: number | undefined): number | undefined {
  const folder = `/proc/${pid}/task`;
  try {
    const ticks = readdirSync(folder).map(thread => {
      // The name of the thread, in parentheses, may hold anything; utime and stime are the 12th and 13th after it.
      const stat = readFileSync(`${folder}/${thread}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]);
    });
    return Math.max(...ticks) * tickMs;
  } catch {
    return undefined;
  }
}
