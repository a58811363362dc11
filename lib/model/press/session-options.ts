import type { SessionOptions } from '../../contract/manifest.ts';
import type { Model } from '../read.ts';
import { countOperators } from '../statistics.ts';

/** A way to open an optimised model, and its name in reports. */
export interface SessionCandidate {
  name: string;
  session: SessionOptions;
}

/**
 * `mapped` opens soonest: nothing is left to optimise, and weights stay in the mapped file but for those that kernels
 * repack. `unpacked` leaves those, too, and computes slower. `layout` lets ONNX Runtime rearrange convolutions for this
 * CPU's vectors when the model is opened: slower to open, faster from then on.
 */
const mapped: SessionOptions = { graphOptimizationLevel: 'disabled' };
const unpacking = { extra: { session: { disable_prepacking: '1' } } };

export const sessionCandidates: readonly SessionCandidate[] = [
  { name: 'mapped', session: mapped },
  { name: 'unpacked', session: { ...mapped, ...unpacking } },
  { name: 'layout', session: { graphOptimizationLevel: 'layout' } },
  { name: 'layout, unpacked', session: { graphOptimizationLevel: 'layout', ...unpacking } },
];

/**
 * The choice without measuring. Convolutions computed as they stand in the file take up to half again as long, for
 * every request, so they are rearranged at the start; all else is as fast as it can be when merely mapped.
 */
export function staticSession(model: Model): SessionOptions {
  return hasConvolutions(model) ? { graphOptimizationLevel: 'layout' } : mapped;
}

const smallBytes = 2 ** 20;

/**
 * One thread for a small model, however many CPUs there are: starting a pool of them takes 3 ms of opening, and one row
 * of a few trees, or of a small network, is computed before a second thread wakes. The work of a convolution does not
 * show in its size.
 */
export function threadOptions(model: Model, sizeBytes: number): SessionOptions {
  return sizeBytes < smallBytes && !hasConvolutions(model) ? { intraOpNumThreads: 1 } : {};
}

function hasConvolutions(model: Model): boolean {
  return (
    model.format === 'onnx' && countOperators(model.proto).some(({ type }) => /^Conv(Transpose)?$/.test(type))
  );
}
