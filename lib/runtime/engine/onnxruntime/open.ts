import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { NativeEngine, PressedManifest } from '../../../contract/manifest.ts';
import { placePacked } from '../../embedded.ts';
import type { Session } from '../session.ts';
import { findEngine, libraryFile } from './find.ts';
import { readAhead } from './read-ahead.ts';
import { readingRows } from './read-rows.ts';
import { loadEngine, openSession } from './session.ts';
import { threadsFor } from './threads.ts';

/**
 * Opens a model with ONNX Runtime.
 * @throws Error when the native library or the model cannot be read
 */
export function openOnnxruntime(
  packedDir: string,
  { engine, model }: PressedManifest,
  { onNative }: { onNative: () => void },
): Session {
  Object.assign(process.env, model.env);
  // ONNX Runtime and the system's loader open files by path.
  const dir = placePacked(packedDir, [(engine as NativeEngine).path, dirname(model.path)]);
  const modelPath = join(dir, model.path);
  const weights = model.readAhead && {
    ...model.readAhead,
    path: join(dirname(modelPath), model.readAhead.path),
  };
  const enginePath = findEngine(dir, engine as NativeEngine);
  readAhead(join(dirname(enginePath), libraryFile));
  const binding = loadEngine(enginePath, () => {
    if (weights !== undefined) {
      readAhead(weights.path, weights.ranges);
    }
  });
  onNative();
  const session = openSession(binding, modelPath, {
    intraOpNumThreads: threadsFor(process.env, availableParallelism()),
    ...model.session,
  });
  return weights?.lookups ? readingRows(session, weights.path, weights.lookups) : session;
}
