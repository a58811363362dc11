import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ColdpressError } from '../errors.ts';
import { missingHint } from '../missing-file.ts';
import type { Evidence } from './evidence.ts';
import { foreignFile } from './foreign-formats.ts';
import { type BoosterFormat, boosterFormat } from './formats/recognise.ts';
import { modelEnding } from './model-name.ts';

/** Enough to find the model's class in a pickle, behind the steps of a pipeline. */
const EVIDENCE_BYTES = 65_536;
/** Protobuf's message limit, which ONNX Runtime shares; larger models keep their weights in a separate file. */
export const MAX_MODEL_BYTES = 2 ** 31 - 1;

/** Formats that coldpress reads directly. */
export type ModelFormat = 'onnx' | 'ort' | BoosterFormat;

/**
 * Distinguishes ONNX, ORT and booster models from other formats, by name and magic bytes.
 * Throws a `ColdpressError` that names the other format and how to convert it to ONNX.
 */
export async function recogniseModel(path: string): Promise<{ format: ModelFormat; sizeBytes: number }> {
  const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new ColdpressError(
      'MODEL_NOT_FOUND',
      cause.code === 'ENOENT'
        ? `no file at ${path}`
        : `cannot read the model ${path}: ${cause.code ?? cause.message}`,
      {
        hint: missingHint(path, 'check the path of the model'),
        cause,
      },
    );
  });
  if (stats.isDirectory()) {
    throw await folderError(path);
  }
  if (!stats.isFile()) {
    throw new ColdpressError('MODEL_NOT_A_FILE', `${path} is neither a file nor a folder`, {
      hint: 'pass the path of a model file',
    });
  }
  const { head, tail } = await readEvidence(path, stats.size);
  const format = recogniseBytes({ head, tail, name: basename(path) }, path);
  if (format === 'onnx' && stats.size > MAX_MODEL_BYTES) {
    throw new ColdpressError(
      'MODEL_TOO_LARGE',
      `${path} has ${stats.size} bytes; an .onnx file ends at ${MAX_MODEL_BYTES}`,
      {
        hint: 'save it with external data: onnx.save(model, path, save_as_external_data=True)',
      },
    );
  }
  return { format, sizeBytes: stats.size };
}

/** Like `recogniseModel`, from bytes already read. A file that no other format matches is treated as ONNX. */
export function recogniseBytes(evidence: Evidence, path: string): ModelFormat {
  if (evidence.head.toString('latin1', 4, 8) === 'ORTM') {
    return 'ort';
  }
  const booster = boosterFormat(evidence);
  if (booster !== undefined) {
    return booster;
  }
  const foreign = foreignFile(evidence);
  if (foreign === undefined) {
    return 'onnx';
  }
  throw new ColdpressError(foreign.code, `${path} is ${foreign.label}`, { hint: foreign.hint });
}

async function readEvidence(path: string, sizeBytes: number): Promise<{ head: Buffer; tail: Buffer }> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (cause) {
    throw new ColdpressError(
      'MODEL_UNREADABLE',
      `cannot open ${path}: ${(cause as NodeJS.ErrnoException).code}`,
      {
        hint: 'see that you may read it',
        cause,
      },
    );
  }
  try {
    const readAt = async (position: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(EVIDENCE_BYTES), { position });
      return buffer.subarray(0, bytesRead);
    };
    return { head: await readAt(0), tail: await readAt(Math.max(0, sizeBytes - EVIDENCE_BYTES)) };
  } finally {
    await file.close();
  }
}

async function folderError(path: string): Promise<ColdpressError> {
  const names = await readdir(path).catch((): string[] => []);
  if (names.includes('saved_model.pb')) {
    return new ColdpressError('MODEL_IS_TENSORFLOW', `${path} is a TensorFlow SavedModel`, {
      hint: `convert it in Python: python -m tf2onnx.convert --saved-model ${path} --output model.onnx`,
    });
  }
  if (names.includes('Manifest.json') && path.endsWith('.mlpackage')) {
    return new ColdpressError('MODEL_IS_COREML', `${path} is a Core ML package`, {
      hint: 'export the original model (PyTorch, scikit-learn, Keras) to ONNX instead',
    });
  }
  const models = names.filter(name => modelEnding.test(name));
  return new ColdpressError('MODEL_IS_A_FOLDER', `${path} is a folder`, {
    hint:
      models.length === 0
        ? 'pass the path of a model file'
        : `pass one of: ${models.map(name => join(path, name)).join(', ')}`,
  });
}
