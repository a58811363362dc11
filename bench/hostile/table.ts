import type { Growth } from './attack.ts';
import type { JournalEntry } from './journal.ts';

/** Formats one model on one platform, followed by each kind of fault. */
export function formatFindings({ key, blocked, residentMb, heldMb, faults }: JournalEntry): string {
  const span = ([before, after]: Growth) => `${before.toFixed(0)} to ${after.toFixed(0)} MB`;
  const memory = `resident ${span(residentMb)}, held ${span(heldMb)}`;
  return [
    `${key}: blocked ${blocked.ms.toFixed(0)} ms at most (${blocked.kind || 'by none'}; ${blocked.wallMs.toFixed(0)} ms by the clock), ${memory}`,
    ...Object.entries(faults).map(([fault, times]) => `  ${times} times: ${fault}`),
  ].join('\n');
}

/** The results of all models together. */
export function formatTable(entries: readonly JournalEntry[]): string {
  const total: Record<string, number> = {};
  for (const [outcome, times] of entries.flatMap(({ outcomes }) => Object.entries(outcomes))) {
    total[outcome] = (total[outcome] ?? 0) + times;
  }
  const most = (of: (entry: JournalEntry) => number) => Math.max(...entries.map(of));
  const grown = (of: (entry: JournalEntry) => Growth) =>
    most(entry => of(entry)[1] - of(entry)[0]).toFixed(1);
  const rows: [string, string][] = [
    ...Object.entries(total)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([outcome, times]): [string, string] => [outcome, String(times)]),
    ['all requests', String(Object.values(total).reduce((sum, times) => sum + times, 0))],
    ['loop blocked before a refusal, at most', `${most(({ blocked }) => blocked.ms).toFixed(0)} ms`],
    ['the same by the clock', `${most(({ blocked }) => blocked.wallMs).toFixed(0)} ms`],
    ['resident memory grew, at most', `${grown(({ residentMb }) => residentMb)} MB`],
    ['held memory grew, at most', `${grown(({ heldMb }) => heldMb)} MB`],
  ];
  return rows.map(([what, value]) => `${what.padEnd(40)} ${value.padStart(10)}`).join('\n');
}
