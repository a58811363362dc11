import { existsSync, readdirSync, readlinkSync } from 'node:fs';

/** Processes whose working directory lies in a folder, or did before that was removed; none where there is no /proc. */
export function processesIn(dir: string): string[] {
  const all = existsSync('/proc/self/cwd') ? readdirSync('/proc').filter(name => /^\d+$/.test(name)) : [];
  return all.filter(pid => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(dir);
    } catch {
      return false;
    }
  });
}
