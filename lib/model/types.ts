import { type Datatype, isDatatype } from '../contract/datatypes.ts';
import type { Dimension } from '../contract/manifest.ts';
import { TensorProto_DataType, type TensorShapeProto, type TypeProto } from './onnx_pb.ts';

/** The name of a tensor's element type in ONNX spelling: `FLOAT`, `BFLOAT16`, `INT4`. */
export type ElementType = keyof typeof TensorProto_DataType;

/** The type of a value of a graph. `null` stands for anything the model does not declare. */
export type OnnxType =
  | { kind: 'tensor' | 'sparse-tensor'; element: ElementType; shape: Dimension[] | null }
  | { kind: 'sequence' | 'optional'; element: OnnxType }
  | { kind: 'map'; key: ElementType; value: OnnxType }
  | { kind: 'opaque'; name: string }
  | { kind: 'unknown' };

/** The protocol's datatypes whose names differ from ONNX's. */
const renamed: Partial<Record<ElementType, Datatype>> = {
  FLOAT16: 'FP16',
  FLOAT: 'FP32',
  DOUBLE: 'FP64',
  STRING: 'BYTES',
};

const NAMES = new Map(
  Object.entries(TensorProto_DataType).map(([name, number]) => [number as number, name as ElementType]),
);

/** Returns the Open Inference Protocol's datatype for an element type; `undefined` if it has none. */
export function datatypeOf(element: ElementType): Datatype | undefined {
  return renamed[element] ?? (isDatatype(element) ? element : undefined);
}

export function elementTypeOf(number: number): ElementType {
  return NAMES.get(number) ?? 'UNDEFINED';
}

/** Converts a type of the model to plain data. */
export function typeOf(type: TypeProto | undefined): OnnxType {
  const value = type?.value;
  switch (value?.case) {
    case 'tensorType':
    case 'sparseTensorType':
      return {
        kind: value.case === 'tensorType' ? 'tensor' : 'sparse-tensor',
        element: elementTypeOf(value.value.elemType),
        shape: shapeOf(value.value.shape),
      };
    case 'sequenceType':
      return { kind: 'sequence', element: typeOf(value.value.elemType) };
    case 'optionalType':
      return { kind: 'optional', element: typeOf(value.value.elemType) };
    case 'mapType':
      return { kind: 'map', key: elementTypeOf(value.value.keyType), value: typeOf(value.value.valueType) };
    case 'opaqueType':
      return { kind: 'opaque', name: [value.value.domain, value.value.name].filter(Boolean).join('.') };
    default:
      return { kind: 'unknown' };
  }
}

/** Whether a model declares at least the kind of a value and, for a tensor, its element type. */
export function isDeclared(type: TypeProto | undefined): boolean {
  const declared = typeOf(type);
  return declared.kind !== 'unknown' && !(declared.kind === 'tensor' && declared.element === 'UNDEFINED');
}

function shapeOf(shape: TensorShapeProto | undefined): Dimension[] | null {
  if (shape === undefined) {
    return null;
  }
  return shape.dim.map(({ value }) => {
    if (value.case === 'dimParam' && value.value !== '') {
      return value.value;
    }
    return value.case === 'dimValue' && value.value >= 0n ? Number(value.value) : -1;
  });
}

/** Formats a type for readers: `float[N,30]`, `sequence<map<int64,float[]>>`. */
export function formatType(type: OnnxType): string {
  switch (type.kind) {
    case 'tensor':
    case 'sparse-tensor': {
      const shape =
        type.shape === null ? '[…]' : `[${type.shape.map(dim => (dim === -1 ? '?' : dim)).join(',')}]`;
      return `${type.kind === 'tensor' ? '' : 'sparse '}${type.element.toLowerCase()}${shape}`;
    }
    case 'sequence':
    case 'optional':
      return `${type.kind}<${formatType(type.element)}>`;
    case 'map':
      return `map<${type.key.toLowerCase()},${formatType(type.value)}>`;
    case 'opaque':
      return `opaque<${type.name}>`;
    case 'unknown':
      return 'of no declared type';
  }
}
