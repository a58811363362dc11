import { ColdpressError } from '../../errors.ts';
import { recogniseModel } from '../recognise.ts';
import type { Booster } from './booster.ts';
import { readLightGbm } from './lightgbm/read.ts';
import { readChunks, withBytes } from './read-file.ts';
import type { BoosterFormat } from './recognise.ts';
import { readXgBoost } from './xgboost/read.ts';

/** A booster and the file that it was read from. */
export interface BoosterFile {
  path: string;
  format: BoosterFormat;
  sizeBytes: number;
  booster: Booster;
}

const readers: Record<BoosterFormat, (path: string) => Booster> = {
  lightgbm: path => readLightGbm(readChunks(path)),
  'xgboost-json': path => withBytes(path, bytes => readXgBoost(bytes, 'json')),
  'xgboost-ubj': path => withBytes(path, bytes => readXgBoost(bytes, 'ubj')),
};

/**
 * Reads a LightGBM or XGBoost model; returns `undefined` for a model in another format.
 * @throws ColdpressError if the file is not a model or is damaged
 */
export async function readBooster(path: string): Promise<BoosterFile | undefined> {
  const { format, sizeBytes } = await recogniseModel(path);
  return format === 'onnx' || format === 'ort'
    ? undefined
    : { path, format, sizeBytes, booster: readFile(path, format) };
}

/** @throws ColdpressError that names the file */
function readFile(path: string, format: BoosterFormat): Booster {
  try {
    return readers[format](path);
  } catch (cause) {
    if (cause instanceof ColdpressError && cause.code === 'BOOSTER_INVALID') {
      const { code, message, hint } = cause;
      throw new ColdpressError(code, `${path}: ${message}`, { ...(hint !== undefined && { hint }), cause });
    }
    throw cause;
  }
}
