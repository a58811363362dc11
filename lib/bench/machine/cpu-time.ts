import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of a running process in milliseconds, over all its live threads; `null` if the host does not report it. */
export function cpuTimeMs(pid: number | undefined): number | null {
  try {
    const tasks = `/proc/${pid}/task`;
    const nanoseconds = readdirSync(tasks).map(task =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((sum, ns) => sum + ns, 0) / 1e6;
  } catch {
    // Only Linux has /proc, and not every kernel counts CPU time.
    return null;
  }
}
