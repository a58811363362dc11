import type { EngineName, Situation } from './situation.ts';

/** Where the engine comes from. */
export type EngineOrigin =
  /** Pressing the model, as `coldpress pack` does with its defaults; `reason` is why it is not compiled. */
  | { from: 'pack'; reason?: string }
  /** A packed artifact. */
  | { from: 'artifact' }
  /** The function that `coldpress bench` measured. */
  | { from: 'bench' }
  /** Nothing was pressed, for this reason. */
  | { from: 'assumption'; reason: string };

/** Where a time comes from: an option, a result of `coldpress bench`, or the engine and the size of the model. */
export type TimeOrigin = 'option' | 'bench' | 'estimate';

/** Where the facts come from that the costs and the cold start depend on. */
export interface Origins {
  engine: EngineOrigin;
  coldMs: TimeOrigin;
  warmMs: TimeOrigin;
}

export const noModel: EngineOrigin = { from: 'assumption', reason: 'there is no model file to decide by' };

const titles: Readonly<Record<EngineName, string>> = { compiled: 'compiled', onnxruntime: 'ONNX Runtime' };

/** Names the engine, and what decided. */
export function describeEngineOrigin({ engine }: Situation, { engine: origin }: Origins): string {
  const title = titles[engine];
  if (origin.from === 'assumption') {
    return `Engine: ${title}, assumed, because ${origin.reason}.`;
  }
  if (origin.from === 'artifact') {
    return `Engine: ${title}, for which the artifact was packed.`;
  }
  if (origin.from === 'bench') {
    return `Engine: ${title}, used by the function that bench measured.`;
  }
  const reason = origin.reason === undefined ? '' : `: ${origin.reason}`;
  return `Engine: ${title}, which pack chooses for this model${reason}.`;
}

/** Names both times, and whether they were measured. */
export function describeTimeOrigins({ coldMs, warmMs, engine }: Situation, origins: Origins): string {
  const words: Readonly<Record<TimeOrigin, string>> = {
    option: 'as you specified',
    bench: 'measured by bench',
    estimate: `estimated for ${engine === 'compiled' ? 'a compiled model' : titles[engine]} of this size`,
  };
  const ms = (value: number) => `${value.toLocaleString('en-US')} ms`;
  const [cold, warm] = [words[origins.coldMs], words[origins.warmMs]];
  return cold === warm
    ? `Times on one vCPU: ${ms(coldMs)} for the first answer, ${ms(warmMs)} for later ones, ${cold}.`
    : `Times on one vCPU: ${ms(coldMs)} for the first answer (${cold}), ${ms(warmMs)} for later ones (${warm}).`;
}
