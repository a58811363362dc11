import { readFileSync } from 'node:fs';

/** The most memory a process has had resident, in whole MB; `undefined` where the host does not tell. */
export function peakMemoryMb(pid: number | undefined): number | undefined {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kb === undefined ? undefined : Math.ceil(Number(kb) / 1024);
  } catch {
    // Only Linux has /proc, and only while the process lives.
    return undefined;
  }
}
