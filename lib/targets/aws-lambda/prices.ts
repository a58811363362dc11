import type { Architecture } from '../../contract/manifest.ts';

/** On-demand prices in USD without free tier, discounts and taxes; first tier, up to 6 billion GB-seconds per month. */
export interface LambdaPrices {
  perMillionRequests: number;
  perGbSecond: Record<Architecture, number>;
}

const usual: LambdaPrices = {
  perMillionRequests: 0.2,
  perGbSecond: { x64: 0.0000166667, arm64: 0.0000133334 },
};

const usualRegions = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1'],
  ...['ap-southeast-1', 'ap-southeast-2', 'ap-southeast-4'],
];

const byRegion: Record<string, LambdaPrices> = {
  ...Object.fromEntries(usualRegions.map(region => [region, usual])),
  'af-south-1': { perMillionRequests: 0.27, perGbSecond: { x64: 0.0000221, arm64: 0.00001768 } },
  'ap-east-1': { perMillionRequests: 0.28, perGbSecond: { x64: 0.00002292, arm64: 0.0000183 } },
  'ap-southeast-5': { perMillionRequests: 0.18, perGbSecond: { x64: 0.000015, arm64: 0.000012 } },
  'eu-central-2': { perMillionRequests: 0.22, perGbSecond: { x64: 0.0000183334, arm64: 0.0000146667 } },
  'eu-south-1': { perMillionRequests: 0.23, perGbSecond: { x64: 0.0000195172, arm64: 0.0000156138 } },
  'me-south-1': { perMillionRequests: 0.25, perGbSecond: { x64: 0.0000206667, arm64: 0.0000165334 } },
};

/** Returns the prices of a region, or of us-east-1 if they are unknown; `region` is the region of the prices. */
export function lambdaPrices(region = 'us-east-1'): LambdaPrices & { region: string } {
  const own = byRegion[region];
  return own === undefined ? { region: 'us-east-1', ...usual } : { region, ...own };
}

/** Memory is billed in GB of 1,024 MB, time in whole milliseconds; INIT is billed since 2025-08-01. */
export const lambdaBilledStepMs = 1;

export const lambdaPriceSource = {
  collected: '2026-11',
  url: 'https://calculator.aws/pricing/2.0/meteredUnitMaps/lambda/USD/current/lambda.json',
} as const;
