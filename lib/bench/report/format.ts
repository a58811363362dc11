import type { Estimate } from '../statistics/estimate.ts';

export function formatMs(ms: number): string {
  return ms.toFixed(ms < 100 ? 1 : 0);
}

/** `0.53 [0.51, 0.56]` */
export function formatRatio({ value, interval }: Estimate): string {
  return interval === null
    ? value.toFixed(2)
    : `${value.toFixed(2)} [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]`;
}

/** `116 [113, 121]` */
export function formatEstimateMs({ value, interval }: Estimate): string {
  return interval === null
    ? formatMs(value)
    : `${formatMs(value)} [${formatMs(interval.low)}, ${formatMs(interval.high)}]`;
}

/** An empty string if the platform does not report it. */
export function formatMegabytes(bytes: number): string {
  return bytes === 0 ? '–' : (bytes / 1e6).toFixed(1);
}

export function formatUsd(usd: number | null): string {
  return usd === null ? '–' : `$${usd.toFixed(2)}`;
}

export function formatCount(value: number | null): string {
  return value === null ? '–' : String(Math.round(value));
}
