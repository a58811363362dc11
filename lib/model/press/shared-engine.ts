import type { EngineSettings } from '../../contract/manifest.ts';
import type { ProbeRequest } from '../../runtime/probe/types.ts';
import {
  type EngineLimits,
  type EngineProcess,
  type EngineResult,
  type IdleEngines,
  startEngine,
} from './engine-process.ts';

/** An engine whose process may have served an earlier part of the press, and may serve a later one. */
export interface SharedEngine extends EngineProcess {
  /** Whether a process that an earlier part had used died, so that the request was repeated in a new one. */
  hasMoved(): boolean;
}

/**
 * Starts an engine, or takes one that another part has left. If a process that was used before dies of a crash or of
 * its memory, the request is repeated in a new one, so that the result is that of this part alone.
 */
export function shareEngine(
  limits: EngineLimits,
  { engine = 'onnxruntime', env = {} }: { engine?: EngineSettings['name']; env?: Record<string, string> },
): SharedEngine {
  const { idle, signal } = limits;
  const kind = JSON.stringify([engine, env]);
  let taken = idle?.left.get(kind)?.pop();
  let process = taken?.process ?? startEngine(limits, env);
  let isDead = false;
  let hasMoved = false;
  let opening: ProbeRequest | undefined;

  async function request(asked: ProbeRequest): Promise<EngineResult> {
    const ready = await taken?.closed;
    const result = ready?.kind === 'died' ? ready : await process.request(asked);
    const isOwnFault = taken === undefined || result.kind !== 'died' || result.how === 'timeout';
    if (isOwnFault || signal?.aborted === true) {
      isDead = result.kind === 'died';
      opening = asked.op === 'open' ? asked : opening;
      return result;
    }
    process.close();
    taken = undefined;
    hasMoved = true;
    process = startEngine(limits, env);
    if (opening !== undefined && asked.op !== 'open') {
      const opened = await process.request(opening);
      if (opened.kind !== 'answered') {
        isDead = opened.kind === 'died';
        return opened;
      }
    }
    return request(asked);
  }

  return {
    request,
    hasMoved: () => hasMoved,
    peakBytes: () => process.peakBytes(),
    close() {
      if (idle === undefined || isDead || signal?.aborted === true) {
        process.close();
        return;
      }
      const closed = process.request({ op: 'close' });
      // Who takes it next awaits this; nobody may.
      closed.catch(() => {});
      idle.left.set(kind, [...(idle.left.get(kind) ?? []), { process, closed }]);
    },
  };
}

/** Ends all processes that are left. */
export function closeIdle({ left }: IdleEngines): void {
  for (const { process } of [...left.values()].flat()) {
    process.close();
  }
  left.clear();
}
