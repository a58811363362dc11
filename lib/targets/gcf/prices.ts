/** On-demand prices in USD without free tier, discounts and taxes. Request-based billing: only while requests run. */
export const gcfPrices = {
  region: 'tier 1',
  collected: '2026-11',
  source: 'https://cloud.google.com/run/pricing',
  perMillionRequests: 0.4,
  perVcpuSecond: 0.000024,
  perGibSecond: 0.0000025,
  billedStepMs: 100,
} as const;
