import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { diskFull } from '../../system-error.ts';
import type { EngineLimits, EngineResult } from '../press/engine-process.ts';
import type { Openable } from '../press/openable.ts';
import { shareEngine } from '../press/shared-engine.ts';

export type RunOnce = (inputs: ProbeTensor[]) => Promise<EngineResult>;

/**
 * Runs a model in ONNX Runtime with its profiler on.
 * @param folder - for the profile; removed afterwards
 * @returns the profile's text; `undefined` if the engine crashed or could not open the model
 * @throws ColdpressError DISK_FULL
 */
export async function profileRuns(
  model: Openable,
  runAll: (run: RunOnce) => Promise<void>,
  options: ProfileOptions,
): Promise<string | undefined> {
  const { text, hasMoved } = await profileOnce(model, runAll, options);
  if (!hasMoved) {
    return text;
  }
  // The profile of the process that died is lost; this time none of those that other parts have used is taken.
  const { idle: _, ...limits } = options.limits;
  return (await profileOnce(model, runAll, { ...options, limits })).text;
}

interface ProfileOptions {
  outputs: string[];
  folder: string;
  limits: EngineLimits;
}

async function profileOnce(
  { path, env }: Openable,
  runAll: (run: RunOnce) => Promise<void>,
  { outputs, folder, limits }: ProfileOptions,
): Promise<{ text?: string; hasMoved: boolean }> {
  await mkdir(folder, { recursive: true });
  const engine = shareEngine(limits, { env });
  try {
    const options = {
      // The profile does not show the inner values of a fused kernel.
      graphOptimizationLevel: 'disabled',
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
    } as const;
    const opened = await engine.request({ op: 'open', path, options });
    if (opened.kind !== 'answered') {
      return { hasMoved: engine.hasMoved() };
    }
    await runAll(inputs => engine.request({ op: 'run', inputs, outputs }));
    const closed = await engine.request({ op: 'close' });
    if (engine.hasMoved()) {
      return { hasMoved: true };
    }
    const [file] = await readdir(folder);
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
    if (closed.kind !== 'answered') {
      return { hasMoved: engine.hasMoved() };
    }
    if (!text.trimEnd().endsWith(']')) {
      // ONNX Runtime reports no error of what it writes here; without the profile, the model would have no limits.
      throw diskFull(folder);
    }
    return { text, hasMoved: false };
  } finally {
    engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}
