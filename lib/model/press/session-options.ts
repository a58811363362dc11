import type { SessionOptions } from '../../contract/manifest.ts';
import type { Model } from '../read.ts';
import { countOperators } from '../statistics.ts';

/** Options for opening an optimised model, with their name in reports. */
export interface SessionCandidate {
  name: string;
  session: SessionOptions;
}

/**
 * `mapped` opens fastest: nothing is left to optimise, and weights stay in the mapped file except those that kernels
 * repack. `unpacked` leaves those there too, and computes slower. `layout` lets ONNX Runtime rearrange convolutions for
 * the CPU's vector unit when the model is opened: slower to open, faster afterwards.
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
 * Chooses without measuring. Convolutions computed in the layout of the file take up to 1.5 times as long in every
 * request, so they are rearranged at the start; all other models are fastest when merely mapped.
 */
export function staticSession(model: Model): SessionOptions {
  return hasConvolutions(model) ? { graphOptimizationLevel: 'layout' } : mapped;
}

const smallBytes = 2 ** 20;

/**
 * Uses one thread for a small model, however many CPUs there are: starting a thread pool adds 3 ms to opening, and one
 * row of a few trees or of a small network is computed before a second thread wakes. Convolutions are excluded because
 * their size does not show how much they compute.
 */
export function threadOptions(model: Model, sizeBytes: number): SessionOptions {
  return sizeBytes < smallBytes && !hasConvolutions(model) ? { intraOpNumThreads: 1 } : {};
}

function hasConvolutions(model: Model): boolean {
  return (
    model.format === 'onnx' && countOperators(model.proto).some(({ type }) => /^Conv(Transpose)?$/.test(type))
  );
}
