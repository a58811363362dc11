import { readFileSync } from 'node:fs';

/** Interval at which the launcher is checked. */
const pollMs = 500;

/**
 * Calls `onGone` when the npm or npx that started this process ends without ending it: the shell between them passes no
 * signal on. Without npm nothing is watched: a server may outlive the shell that it was started in.
 */
export function watchLauncher(onGone: () => void, { env, ppid }: Pick<NodeJS.Process, 'env' | 'ppid'>): void {
  if (env.npm_command === undefined || ppid === 1) {
    return;
  }
  const wrapper = readStat(ppid);
  // The shell of npm, or npm itself if the shell replaced itself with this process.
  const isShell = wrapper !== undefined && /^(ba|da|a|z|k)?sh$/.test(wrapper.name);
  const timer = setInterval(() => {
    const isOrphan = process.ppid !== ppid || (isShell && readStat(ppid)?.parent !== wrapper.parent);
    if (isOrphan) {
      clearInterval(timer);
      onGone();
    }
  }, pollMs);
  timer.unref();
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; on other systems, only the shell's end is noticed. */
function readStat(pid: number): { name: string; parent: number } | undefined {
  try {
    const [, name = '', parent] =
      /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
