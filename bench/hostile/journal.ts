import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Findings } from './attack.ts';

/** The findings about one model on one platform. */
export interface JournalEntry extends Findings {
  /** Equal if the same requests were sent. */
  key: string;
}

/** Findings of earlier runs, one per line, so that a long run can be split. */
export function openJournal(path: string, { fresh }: { fresh: boolean }) {
  mkdirSync(dirname(path), { recursive: true });
  if (fresh) {
    rmSync(path, { force: true });
  }
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const entries = new Map(
    lines.filter(Boolean).map(line => {
      const entry: JournalEntry = JSON.parse(line);
      return [entry.key, entry];
    }),
  );
  return {
    find: (key: string) => entries.get(key),
    add(entry: JournalEntry): JournalEntry {
      appendFileSync(path, `${JSON.stringify(entry)}\n`);
      return entry;
    },
  };
}
