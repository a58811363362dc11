import type { Problem } from '../error-at.ts';
import { packInChildSync } from './child.ts';
import { recall, remember } from './memo.ts';
import type { Packed, PackRequest } from './request.ts';

export type SynthPack = ({ ok: true } & Packed) | { ok: false; problem: Problem };

/**
 * Packs a model while a constructor waits. Constructors are synchronous but packing is not, so it runs in a child
 * process, unless nothing has changed since the last time.
 */
export function packAtSynth(request: PackRequest): SynthPack {
  const known = recall(request);
  if (known !== undefined) {
    return { ok: true, ...known };
  }
  const answer = packInChildSync(request);
  if (answer.ok && answer.inputs !== undefined) {
    const { dir, report, inputs } = answer;
    remember(request, { dir, report, inputs });
  }
  return answer;
}
