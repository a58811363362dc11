import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of a process that lives, in milliseconds, of all threads that live; `null` where the host does not tell. */
export function cpuTimeMs(pid: number | undefined): number | null {
  try {
    const tasks = `/proc/${pid}/task`;
    const nanoseconds = readdirSync(tasks).map(task =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((sum, ns) => sum + ns, 0) / 1e6;
  } catch {
    // Only Linux has /proc, and not every kernel counts.
    return null;
  }
}
