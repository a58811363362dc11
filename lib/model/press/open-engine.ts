import type { ProbeTensor } from '../../runtime/probe/types.ts';
import type { EngineLimits, EngineProcess, EngineResult } from './engine-process.ts';
import type { Openable } from './openable.ts';
import { shareEngine } from './shared-engine.ts';

/** A model opened in a process of its own, and opened again in a new one if a run crashed it. */
export interface OpenEngine {
  /** Runs the model. If it cannot be opened, the result is the reason. */
  run(inputs: ProbeTensor[], outputs: string[]): Promise<EngineResult>;
  close(): void;
}

/** @param running - a process that has the model open already (default: the first run starts one) */
export function openEngine(
  { engine: name = 'onnxruntime', path, options, env }: Openable,
  limits: EngineLimits,
  running?: EngineProcess,
): OpenEngine {
  let process = running;
  return {
    async run(inputs, outputs) {
      if (process === undefined) {
        process = shareEngine(limits, { engine: name, env });
        const opened = await process.request({ op: 'open', engine: name, path, options });
        if (opened.kind !== 'answered') {
          return opened;
        }
      }
      const result = await process.request({ op: 'run', inputs, outputs });
      if (result.kind === 'died') {
        process.close();
        process = undefined;
      }
      return result;
    },
    close: () => process?.close(),
  };
}
