import { prices } from '../bench/prices.ts';

/** What something costs for each hour that it stands there, in USD, on demand. */
export interface HourlyPrice {
  title: string;
  perHour: number;
  vcpu: number;
  memoryGb: number;
  /** What more memory costs, where it can be had by the GB. */
  perExtraGbHour?: number;
  region: string;
  source: string;
  /** When the source was written or read. */
  dated: string;
  /**
   * `published`: on the seller's own page. `reported`: by others, of the seller's. `unverified`: known by hearsay alone;
   * look it up before you rely on it.
   */
  confidence: 'published' | 'reported' | 'unverified';
}

const fargate = { perVcpuHour: 0.04048, perGbHour: 0.004445 };
/** Instance-based billing: the price of time that an instance is there, whether asked or not. */
const cloudRun = { perVcpuHour: 0.000018 * 3600, perGbHour: 0.000002 * 3600 };

const perHour = ({ perVcpuHour, perGbHour }: typeof fargate, vcpu: number, memoryGb: number) =>
  vcpu * perVcpuHour + memoryGb * perGbHour;

/** Instances that are always on, collected 2026-11; without free tiers, discounts, traffic, load balancers and taxes. */
export const hourlyPrices = {
  fargate: {
    title: 'Fargate, 1 vCPU and 2 GB',
    perHour: perHour(fargate, 1, 2),
    perExtraGbHour: fargate.perGbHour,
    vcpu: 1,
    memoryGb: 2,
    region: 'us-east-1',
    source: 'https://www.wring.co/blog/aws-fargate-pricing-guide',
    dated: '2026-03',
    confidence: 'reported',
  },
  'cloud-run': {
    title: 'Cloud Run, 1 vCPU and 2 GiB, always on',
    perHour: perHour(cloudRun, 1, 2),
    perExtraGbHour: cloudRun.perGbHour,
    vcpu: 1,
    memoryGb: 2,
    region: 'tier 1',
    source: 'https://cloud.google.com/run/pricing',
    dated: '2026-11',
    confidence: 'published',
  },
  ec2: {
    title: 'EC2 t3.medium',
    perHour: 0.0416,
    vcpu: 2,
    memoryGb: 4,
    region: 'us-east-1',
    source: 'https://www.wring.co/blog/aws-fargate-pricing-guide',
    dated: '2026-03',
    confidence: 'reported',
  },
  sagemaker: {
    title: 'SageMaker ml.t3.medium',
    perHour: 0.05,
    vcpu: 2,
    memoryGb: 4,
    region: 'us-east-1',
    source: 'https://www.wring.co/blog/aws-sagemaker-inference-guide',
    dated: '2026-03',
    confidence: 'reported',
  },
  'sagemaker-gpu': {
    title: 'SageMaker ml.g5.xlarge, one A10G',
    perHour: 1.41,
    vcpu: 4,
    memoryGb: 16,
    region: 'us-east-1',
    source:
      'https://zircon.tech/blog/the-real-cost-of-running-ai-models-on-aws-sagemaker-inference-deep-dive',
    dated: '2025-10',
    confidence: 'reported',
  },
  vertex: {
    title: 'Vertex AI e2-standard-2',
    perHour: 0.0771,
    vcpu: 2,
    memoryGb: 8,
    region: 'us-central1',
    source: 'https://cloud.google.com/vertex-ai/pricing',
    dated: '2026-11',
    confidence: 'unverified',
  },
  'azure-ml': {
    title: 'Azure ML Standard_D4s_v5',
    perHour: 0.19,
    vcpu: 4,
    memoryGb: 16,
    region: 'pay as you go',
    source:
      'https://learningbro.com/courses/azure-vms-and-compute/lessons/azure-pricing-pay-as-you-go-reserved-spot-vms',
    dated: '2026-11',
    confidence: 'unverified',
  },
} as const satisfies Record<string, HourlyPrice>;

export type HourlyName = keyof typeof hourlyPrices;

/** The functions' prices, which the benchmark takes, too. */
export const functionPrices = prices;

export const hoursPerMonth = (365.25 / 12) * 24;
