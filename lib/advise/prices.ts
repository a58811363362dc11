import { cpuSizes } from '../targets/gcf/limits.ts';

/** The hourly on-demand price of something that is always on, in USD. */
export interface HourlyPrice {
  title: string;
  perHour: number;
  vcpu: number;
  memoryGb: number;
  /** If memory is sold by the GB: the prices of the parts, and the memory range for each number of CPUs. */
  parts?: Parts;
  region: string;
  source: string;
  /** When the source was written or read. */
  dated: string;
  /**
   * `published`: on the seller's own page. `reported`: the seller's price according to others. `unverified`: not
   * confirmed by any source; check it before you rely on it.
   */
  confidence: 'published' | 'reported' | 'unverified';
}

export interface Parts {
  perVcpuHour: number;
  perGbHour: number;
  sizes: readonly { vcpu: number; mostGb: number }[];
}

const fargate: Parts = {
  perVcpuHour: 0.04048,
  perGbHour: 0.004445,
  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */
  sizes: [
    { vcpu: 1, mostGb: 8 },
    { vcpu: 2, mostGb: 16 },
    { vcpu: 4, mostGb: 30 },
    { vcpu: 8, mostGb: 60 },
    { vcpu: 16, mostGb: 120 },
  ],
};

/** Instance-based billing: the price of an instance's time, whether or not it receives requests. */
const cloudRun: Parts = {
  perVcpuHour: 0.000018 * 3600,
  perGbHour: 0.000002 * 3600,
  sizes: cpuSizes.map(({ vcpu, mostMb }) => ({ vcpu, mostGb: mostMb / 1024 })),
};

/** USD per hour for these parts. */
export function partsPerHour({ perVcpuHour, perGbHour }: Parts, vcpu: number, memoryGb: number): number {
  return vcpu * perVcpuHour + memoryGb * perGbHour;
}

/**
 * Prices of always-on instances, collected 2026-11; without free tiers, discounts, traffic, load balancers and taxes.
 */
export const hourlyPrices = {
  fargate: {
    title: 'Fargate, 1 vCPU and 2 GB',
    perHour: partsPerHour(fargate, 1, 2),
    parts: fargate,
    vcpu: 1,
    memoryGb: 2,
    region: 'us-east-1',
    source: 'https://www.wring.co/blog/aws-fargate-pricing-guide',
    dated: '2026-03',
    confidence: 'reported',
  },
  'cloud-run': {
    title: 'Cloud Run, 1 vCPU and 2 GiB, always on',
    perHour: partsPerHour(cloudRun, 1, 2),
    parts: cloudRun,
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
  // The seller's table could not be read; others report 0.0770564 as of 2026-09.
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
  // The price of the machine, which the source calls illustrative; no source confirms that Azure ML adds nothing to it.
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

export const hoursPerMonth = (365.25 / 12) * 24;
