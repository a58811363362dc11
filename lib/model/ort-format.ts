import type { Dimension } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { type Flatbuffer, flatbuffer } from './flatbuffer.ts';
import type { OnnxSignature, Value } from './outline-types.ts';
import { elementTypeOf, type OnnxType } from './types.ts';

/**
 * The outline of a model in an ORT-format file. The format is a flatbuffer with this schema:
 * https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/flatbuffers/schema/ort.fbs
 */
export interface OrtOutline {
  ortVersion: string;
  signature: OnnxSignature;
}

/** Positions of fields in the schema's tables. */
const SESSION = { ortVersion: 0, model: 1 };
const MODEL = { graph: 7 };
const GRAPH = { initializers: 0, nodeArgs: 1, inputs: 5, outputs: 6, sparseInitializers: 7 };
const SPARSE_VALUES = 0;
const NAME = 0;
const VALUE_INFO_TYPE = 2;
const TYPE_INFO = { kind: 1, value: 2 };
const TENSOR = { element: 0, shape: 1 };
const DIMENSION = { value: 0 };
const DIMENSION_VALUE = { kind: 0, size: 1, name: 2 };

/** Reads the outline of an ORT-format model. Throws MODEL_CORRUPT if an offset points outside the file. */
export function readOrtOutline(bytes: Uint8Array, path: string): OrtOutline {
  try {
    return outline(flatbuffer(bytes));
  } catch (cause) {
    if (!(cause instanceof RangeError)) {
      throw cause;
    }
    throw new ColdpressError('MODEL_CORRUPT', `${path} is a damaged ORT-format model`, {
      hint: 'copy it again, or pass the .onnx file that it was made from; that starts faster too',
      cause,
    });
  }
}

function outline(file: Flatbuffer): OrtOutline {
  const session = file.root();
  const model = file.child(session, SESSION.model);
  const graph = file.child(model, MODEL.graph);
  const types = new Map(file.children(graph, GRAPH.nodeArgs).map(info => [file.text(info, NAME), info]));
  const sparse = file.children(graph, GRAPH.sparseInitializers);
  const tensors = [
    ...file.children(graph, GRAPH.initializers),
    ...sparse.map(tensor => file.child(tensor, SPARSE_VALUES)),
  ];
  const constants = new Set(tensors.map(tensor => file.text(tensor, NAME)));
  const value = (name: string): Value => {
    const info = types.get(name);
    return { name, type: info === undefined ? { kind: 'unknown' } : typeOf(file, info) };
  };
  return {
    ortVersion: file.text(session, SESSION.ortVersion),
    signature: {
      inputs: file
        .texts(graph, GRAPH.inputs)
        .filter(name => !constants.has(name))
        .map(value),
      outputs: file.texts(graph, GRAPH.outputs).map(value),
    },
  };
}

function typeOf(file: Flatbuffer, info: number): OnnxType {
  const type = file.child(info, VALUE_INFO_TYPE);
  const kind = file.byte(type, TYPE_INFO.kind);
  if (kind === 2) {
    return { kind: 'sequence', element: { kind: 'unknown' } };
  }
  if (kind === 3) {
    return { kind: 'map', key: 'UNDEFINED', value: { kind: 'unknown' } };
  }
  if (kind !== 1) {
    return { kind: 'unknown' };
  }
  const tensor = file.child(type, TYPE_INFO.value);
  const shape = file.optionalChild(tensor, TENSOR.shape);
  return {
    kind: 'tensor',
    element: elementTypeOf(file.int32(tensor, TENSOR.element)),
    shape: shape === undefined ? null : file.children(shape, 0).map(dim => dimensionOf(file, dim)),
  };
}

function dimensionOf(file: Flatbuffer, dimension: number): Dimension {
  const value = file.optionalChild(dimension, DIMENSION.value);
  if (value === undefined) {
    return -1;
  }
  const kind = file.byte(value, DIMENSION_VALUE.kind);
  if (kind === 1) {
    return Number(file.int64(value, DIMENSION_VALUE.size));
  }
  return (kind === 2 && file.text(value, DIMENSION_VALUE.name)) || -1;
}
