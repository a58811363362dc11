import type { Finding } from '../pain.ts';

/** When a platform stops taking functions of a version of Node; `null` where it has not said so. */
interface RuntimeDates {
  /** The platform's identifier. */
  id: string;
  deprecated: string | null;
  instead: string;
  source: string;
}

const lambdaSource = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html';
const googleSource = 'https://cloud.google.com/functions/docs/runtime-support';

/** Collected 2026-11. Those before nodejs20.x are gone from both platforms. */
export const runtimeDates: readonly RuntimeDates[] = [
  { id: 'nodejs26.x', deprecated: null, instead: 'nodejs24.x', source: lambdaSource },
  { id: 'nodejs24.x', deprecated: '2028-04-30', instead: 'nodejs24.x', source: lambdaSource },
  { id: 'nodejs22.x', deprecated: '2027-04-30', instead: 'nodejs24.x', source: lambdaSource },
  { id: 'nodejs20.x', deprecated: '2026-04-30', instead: 'nodejs24.x', source: lambdaSource },
  { id: 'nodejs24', deprecated: '2028-04-30', instead: 'nodejs24', source: googleSource },
  { id: 'nodejs22', deprecated: '2027-04-30', instead: 'nodejs24', source: googleSource },
  { id: 'nodejs20', deprecated: '2026-04-30', instead: 'nodejs24', source: googleSource },
];

const soonDays = 90;

/** What is to be said of a runtime that something names, on a day. */
export function checkRuntime(id: string, { where, today }: { where: string; today: Date }): Finding[] {
  const [, major = '', suffix = ''] = /^nodejs(\d+)(\.x)?$/.exec(id) ?? [];
  if (major === '') {
    return [];
  }
  const known = runtimeDates.find(runtime => runtime.id === id);
  // What is older than the table's last row ended before it.
  const {
    deprecated = null,
    instead,
    source,
  } = known ??
  (Number(major) < 20 ? { ...runtimeDates.find(runtime => runtime.id === `nodejs20${suffix}`)! } : none);
  if (deprecated === null) {
    return [];
  }
  const days = (Date.parse(deprecated) - today.getTime()) / 86_400_000;
  if (days > soonDays) {
    return [];
  }
  const isOver = days <= 0;
  const since = known === undefined ? `before ${deprecated}` : `on ${deprecated}`;
  return [
    {
      id: isOver ? 'deprecated-runtime' : 'runtime-ends-soon',
      where,
      evidence: id,
      cause: isOver
        ? `${id} was deprecated ${since} (${source}).`
        : `${id} is deprecated ${since}, in ${Math.ceil(days)} days (${source}).`,
      fix: `Use ${instead}, and pack again.`,
      command: `npx coldpress pack --runtime ${instead}${suffix === '' ? ' --target gcf' : ''}`,
      link: 'docs/doctor.md#runtimes',
    },
  ];
}

const none = { deprecated: null, instead: '', source: '' };
