import type { DriftCounts } from '../../contract/drift-counts.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { Model } from '../open-model.ts';
import { loadChunkNow } from '../platform/load-chunk.ts';
import type { InferRequest, InferResponse } from '../tensor/types.ts';
import type { Run, RunCounter } from './types.ts';

/** Counts the rows that a model sees by the bins of its profile, for the telemetry lines. */
export interface Watch {
  /** Runs the model. Call `count` once the answer is final: a batch that fails is scored again in parts. */
  infer(request: InferRequest): { response: InferResponse; count: () => void };
  /** Records a run. The outputs may change before the returned function counts it. */
  see(run: Run): () => void;
  /** Returns the counts since the last call, as fields of one log line each. The first call loads the counter. */
  take(): DriftCounts[];
}

type Watched = Pick<Model, 'infer' | 'decode' | 'run'>;

/** Maximum elements of runs kept for later; above it, the counter is loaded before the answer. */
const mostElements = 2 ** 20;

/** @param dir - the packed function's folder */
export function openWatch(dir: string, model: Model<Manifest>): Watch {
  const { profile, telemetry } = model.manifest;
  return profile === undefined || telemetry === false || telemetry.drift === false
    ? unwatched(model)
    : watchModel(model, () =>
        loadChunkNow<typeof import('./run-counter.ts')>('counting/run-counter').openRunCounter(
          dir,
          model.manifest,
        ),
      );
}

/** Returns a watch that counts nothing. */
export function unwatched(model: Pick<Watched, 'infer'>): Watch {
  const nothing = () => {};
  return {
    infer: request => ({ response: model.infer(request), count: nothing }),
    see: () => nothing,
    take: () => [],
  };
}

function watchModel(model: Watched, open: () => RunCounter): Watch {
  let counter: RunCounter | undefined;
  const kept: Run[] = [];
  let elements = 0;

  function opened(): RunCounter {
    counter ??= orNone(open);
    for (const run of kept.splice(0)) {
      counter.see(run)();
    }
    return counter;
  }

  function see(run: Run): () => void {
    elements += counter === undefined ? sizeOf(run) : 0;
    if (counter !== undefined || elements > mostElements) {
      return opened().see(run);
    }
    const copy = copyRun(run);
    return () => {
      kept.push(copy);
    };
  }

  return {
    infer(request) {
      const decoded = model.decode(request);
      const response = model.run(decoded);
      return { response, count: see({ request: decoded, outputs: response.outputs }) };
    },
    see,
    take: () => (counter === undefined && kept.length === 0 ? [] : opened().take()),
  };
}

/** A function also answers without its profile. */
function orNone(open: () => RunCounter): RunCounter {
  try {
    return open();
  } catch (error) {
    console.error('nothing is counted for drift: the profile cannot be opened:', error);
    return { see: () => () => {}, take: () => [] };
  }
}

function sizeOf({ request: { inputs }, outputs }: Run): number {
  const tensors = [...inputs.values(), ...outputs];
  return tensors.reduce((sum, { data }) => sum + data.length, 0);
}

/** Copied because a score may reuse its arrays. */
function copyRun({ request: { inputs }, outputs }: Run): Run {
  const copies: Run['request']['inputs'] = new Map();
  for (const [name, tensor] of inputs) {
    copies.set(name, { ...tensor, data: tensor.data.slice() });
  }
  return {
    request: { inputs: copies },
    outputs: outputs.map(output => ({ ...output, data: output.data.slice() })),
  };
}
