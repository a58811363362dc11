import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Manifest } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';
import { loadConfig } from '../../pack/config.ts';
import type { BenchPlan } from '../options.ts';
import type { Warning } from '../warning.ts';

/**
 * Finds the model for the naive function: an artifact does not contain the original model.
 * @throws ColdpressError `BASELINE_MODEL_MISSING`
 */
export async function resolveNaiveModel(
  { model, host }: BenchPlan,
  artifacts: readonly Manifest[],
): Promise<{ path: string; notes: Warning[] }> {
  const path = model === undefined ? await modelOfConfig(host.cwd) : resolve(host.cwd, model);
  const sha256 = await hashOf(path);
  const other = artifacts.find(artifact => artifact.model.sha256 !== sha256);
  if (other === undefined) {
    return { path, notes: [] };
  }
  const note = {
    code: 'other-model',
    variant: 'naive',
    message: `${other.name} was packed from another model than ${path}, which naive runs`,
    hint: 'its ratio compares both model and function; pass the same model with --model',
  };
  return { path, notes: [note] };
}

async function modelOfConfig(cwd: string): Promise<string> {
  const { config, dir } = await loadConfig(undefined, cwd);
  if (config.model === undefined) {
    throw missing('--baseline naive needs a model, and no config in this folder names one');
  }
  return resolve(dir, config.model);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (cause) {
    throw missing(`the naive function's model cannot be read: ${(cause as Error).message}`, cause);
  }
  return hash.digest('hex');
}

function missing(message: string, cause?: unknown): ColdpressError {
  return new ColdpressError('BASELINE_MODEL_MISSING', message, {
    hint: 'Name the ONNX model that the artifact was packed from with --model FILE.',
    cause,
  });
}
