import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { ELEMENTS_INPUT } from '../../../contract/elements-input.ts';
import type { NativeEngine, PressedManifest } from '../../../contract/manifest.ts';
import { placePacked } from '../../embedded.ts';
import { elementsSetting } from '../../size-bounds.ts';
import type { Session } from '../session.ts';
import type { EngineTensor } from '../tensor.ts';
import { explaining } from './explain.ts';
import { findEngine, libraryFile } from './find.ts';
import { readAhead } from './read-ahead.ts';
import { readingRows } from './read-rows.ts';
import { elementsTensor, loadEngine, openSession } from './session.ts';
import { threadsFor } from './threads.ts';

/**
 * Opens a model with ONNX Runtime.
 * @throws Error if the native library or the model cannot be read
 */
export function openOnnxruntime(
  packedDir: string,
  { engine, model }: PressedManifest,
  { onNative, mostElements }: { onNative: () => void; mostElements: () => number },
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
  const opened = explaining(
    openSession(binding, modelPath, {
      intraOpNumThreads: threadsFor(process.env, availableParallelism()),
      ...model.session,
    }),
    () => `${mostElements()} (${elementsSetting})`,
  );
  const session = opened.countsElements ? limitedTo(opened, mostElements) : opened;
  return weights?.lookups ? readingRows(session, weights.path, weights.lookups) : session;
}

/** Passes the limit to a model that counts the elements it creates. */
function limitedTo(session: Session, mostElements: () => number): Session {
  let limit: EngineTensor | undefined;
  return {
    ...session,
    run(inputs, outputNames) {
      limit ??= elementsTensor(mostElements());
      return session.run(new Map(inputs).set(ELEMENTS_INPUT, limit), outputNames);
    },
  };
}
