/**
 * The process of `reaper.ts`. Its stdin closes when the process that started it ends, for whatever reason. Then it ends
 * the remaining processes and removes the remaining folders.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Charge } from './reaper.ts';

const left = { process: new Set<string>(), folder: new Set<string>() };

for await (const line of createInterface({ input: process.stdin })) {
  const { kind, id, done } = JSON.parse(line) as Charge;
  if (done) {
    left[kind].delete(id);
  } else {
    left[kind].add(id);
  }
}
for (const id of left.process) {
  kill(Number(id));
}
for (const dir of left.folder) {
  rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
}

/** Kills the whole group if the process leads one. */
function kill(pid: number): void {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has ended already, or does not lead a group.
    }
  }
}
