import { readFileSync } from 'node:fs';

/** The peak resident memory of a process, in whole MB; `undefined` if the host does not report it. */
export function peakMemoryMb(pid: number | undefined): number | undefined {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kb === undefined ? undefined : Math.ceil(Number(kb) / 1024);
  } catch {
    // Only Linux has /proc, and only while the process runs.
    return undefined;
  }
}
