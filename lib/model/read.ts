import { isUtf8 } from 'node:buffer';
import { fromBinary } from '@bufbuild/protobuf';
import { ColdpressError } from '../errors.ts';
import { openBytes, readBytes } from './file-bytes.ts';
import { type ModelProto, ModelProtoSchema } from './onnx_pb.ts';
import { type OrtOutline, readOrtOutline } from './ort-format.ts';
import { recogniseModel } from './recognise.ts';
import { findWireFault, type LoadBytes, type WireFault } from './wire.ts';

/** A decoded ONNX model. Its weights are views of `bytes`. */
export interface OnnxModel {
  format: 'onnx';
  path: string;
  /** The unmodified contents of the file. */
  bytes: Uint8Array;
  proto: ModelProto;
}

/** A model in ONNX Runtime's own format (.ort), used unchanged: it can be neither rewritten nor pressed. */
export interface OrtModel {
  format: 'ort';
  path: string;
  bytes: Uint8Array;
  outline: OrtOutline;
}

export type Model = OnnxModel | OrtModel;

const FAULTS: Record<WireFault['kind'], { code: string; what: string; hint: string }> = {
  truncated: {
    code: 'MODEL_TRUNCATED',
    what: 'is cut short',
    hint: 'download or copy it again and compare its size and checksum with the original',
  },
  malformed: {
    code: 'MODEL_CORRUPT',
    what: 'is damaged',
    hint: 'export or download it again; `python -m onnx.checker` says more',
  },
  'too-deep': {
    code: 'MODEL_TOO_DEEP',
    what: 'nests deeper than protobuf allows (100 levels)',
    hint: 'simplify its control flow before exporting it',
  },
  'too-complex': {
    code: 'MODEL_TOO_COMPLEX',
    what: 'consists of more parts than coldpress reads (2 million)',
    hint: 'export it with less unrolling or without value_info',
  },
};

/**
 * Reads an ONNX or ORT-format model. Does not copy weights and does not read external data.
 * Throws a `ColdpressError` for any other file, naming its format.
 */
export async function readModel(path: string): Promise<Model> {
  const format = await onnxFormat(path);
  const bytes = readBytes(path);
  return format === 'ort' ? decodeOrt(bytes, path) : decodeModel(bytes, path);
}

/** Like `readModel`, for inspection only: skips large weights, which appear as zeros, so that size hardly matters. */
export async function readOutline(path: string): Promise<Model> {
  if ((await onnxFormat(path)) === 'ort') {
    return decodeOrt(readBytes(path), path);
  }
  const file = openBytes(path);
  try {
    return decodeModel(file.bytes, path, file.load);
  } finally {
    file.close();
  }
}

/** @throws ColdpressError MODEL_IS_BOOSTER for a booster, which has no graph of operators */
async function onnxFormat(path: string): Promise<'onnx' | 'ort'> {
  const { format } = await recogniseModel(path);
  if (format !== 'onnx' && format !== 'ort') {
    throw new ColdpressError('MODEL_IS_BOOSTER', `${path} is a booster as its library saved it`, {
      hint: 'this command needs an .onnx file; `coldpress pack` accepts the booster unchanged',
    });
  }
  return format;
}

function decodeOrt(bytes: Uint8Array, path: string): OrtModel {
  return { format: 'ort', path, bytes, outline: readOrtOutline(bytes, path) };
}

/** Decodes a serialized model; `path` is for messages, `load` reads the parts of `bytes` that are needed. */
export function decodeModel(bytes: Uint8Array, path: string, load?: LoadBytes): OnnxModel {
  const fault = findWireFault(bytes, load);
  if (fault !== undefined) {
    if (isMangled(bytes)) {
      throw new ColdpressError(
        'MODEL_IS_MANGLED',
        `${path} was saved as UTF-8 text, which destroys a binary file`,
        {
          hint: 'download or copy it again in binary mode',
        },
      );
    }
    if (!startsLikeOnnx(bytes)) {
      throw notAModel(path);
    }
    const { code, what, hint } = FAULTS[fault.kind];
    throw new ColdpressError(code, `${path} ${what}, at byte ${fault.offsetBytes} of ${bytes.length}`, {
      hint,
    });
  }
  const proto = fromBinary(ModelProtoSchema, bytes);
  if (proto.graph === undefined) {
    throw notAModel(path);
  }
  return { format: 'onnx', path, bytes, proto };
}

/** Nearly every exporter writes field 1, the IR version, first; others start with any field that a model has. */
function startsLikeOnnx(bytes: Uint8Array): boolean {
  return (bytes[0] === 0x08 && bytes[1]! > 0 && bytes[1]! < 0x40) || bytes[0] === 0x3a || bytes[0] === 0x42;
}

/** Whether all bytes that are not UTF-8 have become U+FFFD, as when binary data passed through a string. */
function isMangled(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096));
  const isText = [0, 1, 2, 3].some(cut => isUtf8(head.subarray(0, head.length - cut)));
  return isText && (head.toString().match(/\ufffd/g)?.length ?? 0) >= 4;
}

function notAModel(path: string): ColdpressError {
  return new ColdpressError(
    'NOT_A_MODEL',
    `${path} is not an ONNX model, nor another format that coldpress knows`,
    {
      hint: 'pass an .onnx file, as exported by skl2onnx, torch.onnx.export or tf2onnx, or a file that LightGBM or XGBoost saved',
    },
  );
}
