import { runtimeDates } from '../../targets/runtime-dates.ts';
import type { Finding } from '../pain.ts';

const soonDays = 90;

/** Findings about a runtime that a file names, on the given day. */
export function checkRuntime(id: string, { where, today }: { where: string; today: Date }): Finding[] {
  const [, major, suffix = ''] = /^nodejs(\d+)?(\.x)?$/.exec(id) ?? [];
  const oldest = runtimeDates.findLast(runtime => runtime.id.endsWith('.x') === (suffix !== ''))!;
  const isOlder = Number(major ?? 0) < Number.parseInt(oldest.id.slice('nodejs'.length), 10);
  const known = runtimeDates.find(runtime => runtime.id === id);
  const dates = known ?? (major !== undefined && isOlder ? oldest : undefined);
  const days = daysUntil(dates?.deprecated, today);
  if (dates === undefined || days > soonDays) {
    return [];
  }
  const { deprecated, decommissioned, instead, source, checked } = dates;
  const on = known === undefined ? 'before' : 'on';
  const gone =
    known !== undefined && daysUntil(decommissioned, today) <= 0
      ? `; nothing can be deployed with it since ${decommissioned}`
      : '';
  const cause =
    days <= 0
      ? `${id} was deprecated ${on} ${deprecated}${gone}`
      : `${id} is deprecated ${on} ${deprecated}, in ${Math.ceil(days)} days`;
  return [
    {
      id: days <= 0 ? 'deprecated-runtime' : 'runtime-ends-soon',
      where,
      evidence: id,
      cause: `${cause} (${source}, read ${checked}).`,
      fix: `Use ${instead}, and pack again.`,
      command: `npx coldpress pack --runtime ${instead}${suffix === '' ? ' --target gcf' : ''}`,
      link: 'docs/doctor.md#runtimes',
    },
  ];
}

function daysUntil(date: string | null | undefined, today: Date): number {
  return date == null ? Number.POSITIVE_INFINITY : (Date.parse(date) - today.getTime()) / 86_400_000;
}
