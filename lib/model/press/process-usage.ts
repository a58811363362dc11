import { readdirSync, readFileSync } from 'node:fs';

/** Clock tick of the kernel's CPU accounting, on every Linux that Node runs on. */
const tickMs = 10;

/** Returns a process's peak resident memory so far, in bytes; 0 if the system only reports it to a helper program. */
export function peakResidentBytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/**
 * Returns the CPU time of a process's busiest thread, in milliseconds: the duration of its work on an idle machine,
 * even if this one is busy. `undefined` if the system does not report it.
 */
export function busiestThreadMs(pid: number | undefined): number | undefined {
  const folder = `/proc/${pid}/task`;
  try {
    const ticks = readdirSync(folder).map(thread => {
      // The thread's name, in parentheses, may contain anything; utime and stime are fields 12 and 13 after it.
      const stat = readFileSync(`${folder}/${thread}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]);
    });
    return Math.max(...ticks) * tickMs;
  } catch {
    return undefined;
  }
}
