/** When a platform ends support for a version of Node; `null` if it has not announced a date. */
export interface RuntimeDates {
  /** The platform's identifier. */
  id: string;
  /** Date from which there are no patches and no support. */
  deprecated: string | null;
  /** Date from which nothing can be deployed with it. */
  decommissioned: string | null;
  instead: string;
  source: string;
  /** Month in which the source was last checked. */
  checked: string;
}

const lambda = {
  instead: 'nodejs24.x',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html',
  checked: '2026-11',
  // AWS has moved these dates repeatedly; its page has the current ones.
  decommissioned: null,
} as const;
const google = {
  instead: 'nodejs24',
  source: 'https://docs.cloud.google.com/run/docs/runtimes/function-runtimes',
  checked: '2026-11',
} as const;

/** Newest first for each platform; support for older versions ended before the last one. */
export const runtimeDates: readonly RuntimeDates[] = [
  { id: 'nodejs26.x', deprecated: null, ...lambda },
  { id: 'nodejs24.x', deprecated: '2028-04-30', ...lambda },
  { id: 'nodejs22.x', deprecated: '2027-04-30', ...lambda },
  { id: 'nodejs20.x', deprecated: '2026-04-30', ...lambda },
  { id: 'nodejs18.x', deprecated: '2025-09-01', ...lambda },
  { id: 'nodejs26', deprecated: null, decommissioned: null, ...google },
  { id: 'nodejs24', deprecated: '2028-04-30', decommissioned: '2028-10-31', ...google },
  { id: 'nodejs22', deprecated: '2027-04-30', decommissioned: '2027-10-31', ...google },
  { id: 'nodejs20', deprecated: '2026-04-30', decommissioned: '2026-10-30', ...google },
  { id: 'nodejs18', deprecated: '2025-04-30', decommissioned: '2025-10-30', ...google },
];
